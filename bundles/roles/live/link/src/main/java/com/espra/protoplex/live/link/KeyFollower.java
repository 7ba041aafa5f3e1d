package com.espra.protoplex.live.link;

import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.live.KeyListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Live all the time which keys of the fleet changed, and hands them to those of this node who want to hear of them. What is handed over is kept
 * in this process until it is told; a process, and a version of this role, that begins anew tells everybody to drop all.
 */
@Component(service = KeyFollower.class, immediate = true)
public final class KeyFollower {

    private static final Logger LOG = LoggerFactory.getLogger(KeyFollower.class);

    private static final Duration LONGEST = Duration.ofSeconds(25);
    private static final long PAUSE_MILLIS = 500;

    private final LiveNode node;
    private final Map<KeyListener, KeyTeller> tellers = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("live-keys").unstarted(this::run);
    private String at = "";
    private boolean well = true;

    /** Set before the thread is interrupted because there is something else to do. */
    private volatile boolean changed;

    private volatile boolean stopped;

    /** @param calls by which Live nodes are asked */
    @Activate
    public KeyFollower(@Reference FleetCalls calls) {
        node = new LiveNode(calls);
        thread.start();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(KeyListener listener, Map<String, Object> properties) {
        Object keys = properties.get(KeyListener.KEYS);
        List<String> beginnings = keys instanceof String[] many
                ? Arrays.asList(many)
                : keys instanceof String one ? List.of(one) : List.of();
        if (beginnings.isEmpty()) {
            LOG.warn("{} offers to hear of keys, and does not say which: set {}", listener, KeyListener.KEYS);
            return;
        }
        KeyTeller teller = new KeyTeller(listener, beginnings);
        tellers.put(listener, teller);
        teller.start();
        changed = true;
        thread.interrupt();
    }

    void unbind(KeyListener listener) {
        KeyTeller gone = tellers.remove(listener);
        if (gone != null) {
            gone.stop();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                if (tellers.isEmpty()) {
                    // What comes first is told that everything may have changed.
                    at = "";
                    Thread.sleep(LONGEST.toMillis());
                } else {
                    follow();
                }
            } catch (InterruptedException e) {
                if (!changed && stopped) {
                    return;
                }
                changed = false;
            } catch (RuntimeException e) {
                LOG.error("following the keys of the fleet failed, and goes on", e);
            }
        }
    }

    private void follow() throws InterruptedException {
        try {
            LiveNode.Answer answer = node.ask("/keys", question(), LONGEST);
            if (answer.status() != 200) {
                throw new IOException(answer.status() + ": " + answer.text("error"));
            }
            tell(answer);
            well = true;
        } catch (IOException e) {
            if (well) {
                LOG.info("what changes in the fleet is not heard of for the moment: {}", e.getMessage());
            }
            well = false;
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private Map<String, Object> question() {
        Set<String> beginnings = new LinkedHashSet<>();
        tellers.values().forEach(teller -> beginnings.addAll(teller.beginnings()));
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("at", at);
        question.put("keys", List.copyOf(beginnings));
        return question;
    }

    private void tell(LiveNode.Answer answer) {
        boolean all = Boolean.TRUE.equals(answer.object().get("all"));
        Set<String> changedKeys = new LinkedHashSet<>();
        if (answer.object().get("changed") instanceof List<?> list) {
            list.forEach(key -> changedKeys.add(String.valueOf(key)));
        }
        for (KeyTeller teller : tellers.values()) {
            if (all) {
                teller.isBehind();
            }
            teller.tell(changedKeys);
        }
        at = answer.text("at");
    }

    @Deactivate
    void close() {
        stopped = true;
        thread.interrupt();
        tellers.values().forEach(KeyTeller::stop);
    }
}
