package com.espra.protoplex.host.node;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening sockets that a parent holds for its children: bound once, or taken over, and never closed while it runs. */
final class Sockets {

    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final int BACKLOG = 4096;

    private final Map<String, ListeningSocket> byListener = new LinkedHashMap<>();
    private final Map<String, String> groups = new LinkedHashMap<>();

    /**
     * Takes over what this process was started with (systemd, or a parent that is replaced), and binds the rest.
     *
     * @throws StartException if an address cannot be bound; the message says what to do
     */
    static Sockets open(NodeConfiguration configuration, List<ChildGroup> groups) throws StartException {
        Sockets sockets = new Sockets();
        try {
            Map<String, ListeningSocket> handed = new LinkedHashMap<>();
            for (ListeningSocket socket : ListeningSocket.inherited(System.getenv())) {
                handed.put(socket.name(), socket);
            }
            for (ChildGroup group : groups) {
                for (String listener : group.listeners(configuration)) {
                    sockets.groups.put(listener, group.name());
                    ListeningSocket socket = handed.remove(listener);
                    sockets.byListener.put(listener, socket == null ? bind(configuration, listener) : socket);
                }
            }
            for (ListeningSocket unused : handed.values()) {
                LOG.warn("A listening socket '{}' was handed over, and no listener has this name", unused.name());
                unused.close();
            }
        } catch (IOException e) {
            throw new StartException("the listening sockets cannot be taken over: " + e.getMessage(), e);
        }
        return sockets;
    }

    private static ListeningSocket bind(NodeConfiguration configuration, String listener) throws StartException {
        String host = configuration.text("listeners." + listener + ".host");
        int port = (int) configuration.number("listeners." + listener + ".port");
        try {
            return ListeningSocket.bind(listener, new InetSocketAddress(host, port), BACKLOG);
        } catch (IOException e) {
            throw new StartException(
                    "listener " + listener + " cannot open " + host + ":" + port + " (" + e.getMessage()
                            + "): stop what uses the port, or set listeners." + listener + ".port",
                    e);
        }
    }

    /** Those that the children of a group accept from. */
    List<ListeningSocket> of(NodeConfiguration configuration, ChildGroup group) {
        return group.listeners(configuration).stream().map(byListener::get).toList();
    }

    List<ListeningSocket> all() {
        return List.copyOf(byListener.values());
    }

    /** Where the listeners are, for whoever asks the host. */
    List<Map<String, Object>> status(NodeConfiguration configuration) {
        List<Map<String, Object>> list = new ArrayList<>();
        byListener.forEach((name, socket) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", name);
            one.put("group", configuration.text("listeners." + name + ".group"));
            one.put("children", groups.getOrDefault(name, ""));
            one.put("protocol", configuration.text("listeners." + name + ".protocol"));
            one.put("tls", configuration.flag("listeners." + name + ".tls"));
            one.put("host", configuration.text("listeners." + name + ".host"));
            one.put("port", (long) socket.address().getPort());
            list.add(one);
        });
        return list;
    }
}
