package com.espra.protoplex.relay.handler;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says on each connection what a script says. */
final class ScriptedTarget implements AutoCloseable {

    private final ServerSocket server;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** The heads that came. */
    final List<String> heads = new CopyOnWriteArrayList<>();

    /** What is done with a connection, which is closed after it. */
    interface Script {

        void talk(Talk talk) throws IOException;
    }

    ScriptedTarget(Script script) throws IOException {
        this.script = script;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** One that gives the same answer to all requests, as long as the connection lives. */
    static ScriptedTarget answering(String answer) throws IOException {
        ScriptedTarget[] made = new ScriptedTarget[1];
        made[0] = new ScriptedTarget(talk -> {
            while (true) {
                String head = talk.head();
                made[0].heads.add(head);
                talk.body(head);
                talk.send(answer);
            }
        });
        return made[0];
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> run(socket));
            }
        } catch (IOException closed) {
            // It ends.
        }
    }

    private void run(Socket socket) {
        try (Talk talk = new Talk(socket)) {
            script.talk(talk);
        } catch (IOException over) {
            // The other side has closed, as it may.
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
