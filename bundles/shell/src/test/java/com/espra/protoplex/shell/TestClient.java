package com.espra.protoplex.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;

/** An SSH connection as somebody's own client would make it. */
final class TestClient implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(12);

    private final SshClient client;
    private final ClientSession session;

    private TestClient(SshClient client, ClientSession session) {
        this.client = client;
        this.session = session;
    }

    /** Connects without logging in. */
    static TestClient connect(URI address) throws IOException {
        SshClient client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
        try {
            return new TestClient(
                    client,
                    client.connect("somebody", address.getHost(), address.getPort())
                            .verify(DEADLINE)
                            .getSession());
        } catch (IOException e) {
            client.stop();
            throw e;
        }
    }

    static TestClient login(URI address, KeyPair key) throws IOException {
        TestClient client = connect(address);
        try {
            client.session.addPublicKeyIdentity(key);
            client.session.auth().verify(DEADLINE);
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    ClientSession session() {
        return session;
    }

    Result exec(String command) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(DEADLINE);
            return new Result(closed(channel), text(out), text(err));
        }
    }

    Terminal terminal(int columns) throws IOException {
        PtyChannelConfiguration pty = new PtyChannelConfiguration();
        pty.setPtyType("xterm");
        pty.setPtyColumns(columns);
        pty.setPtyLines(24);
        return new Terminal(session.createShellChannel(pty, Map.of()));
    }

    static int closed(ClientChannel channel) {
        if (channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), DEADLINE).contains(ClientChannelEvent.TIMEOUT)) {
            throw new AssertionError("the channel did not end within " + DEADLINE);
        }
        Integer status = channel.getExitStatus();
        return status == null ? -1 : status;
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        session.close(true);
        client.stop();
    }

    record Result(int status, String out, String err) {}

    /** What somebody sees and types. */
    static final class Terminal implements AutoCloseable {

        private static final Pattern CONTROLS = Pattern.compile("\u001b(\\[[0-9;?]*[A-Za-z]|[=>])");

        private final ChannelShell channel;
        private final OutputStream keys;
        private final StringBuilder screen = new StringBuilder();

        Terminal(ChannelShell channel) throws IOException {
            this.channel = channel;
            channel.setOut(new OutputStream() {
                @Override
                public void write(int b) {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    synchronized (screen) {
                        screen.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
                        screen.notifyAll();
                    }
                }
            });
            channel.open().verify(DEADLINE);
            keys = channel.getInvertedIn();
        }

        Terminal type(String text) throws IOException {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            return this;
        }

        /** What is left when colours, cursor movements and modes are taken away. */
        private static String plain(CharSequence screen) {
            return CONTROLS.matcher(screen).replaceAll("");
        }

        void resize(int columns) throws IOException {
            channel.sendWindowChange(columns, 24);
        }

        /** Waits for text that comes after what was waited for before. */
        Terminal see(String text) throws InterruptedException {
            long end = System.nanoTime() + DEADLINE.toNanos();
            synchronized (screen) {
                int at = plain(screen).indexOf(text);
                while (at < 0) {
                    long millis = (end - System.nanoTime()) / 1_000_000;
                    if (millis <= 0) {
                        throw new AssertionError("'" + text + "' did not appear; the screen has: " + screen);
                    }
                    screen.wait(millis);
                    at = plain(screen).indexOf(text);
                }
                String rest = plain(screen).substring(at + text.length());
                screen.setLength(0);
                screen.append(rest);
            }
            return this;
        }

        int end() {
            return closed(channel);
        }

        @Override
        public void close() {
            channel.close(true);
        }
    }
}
