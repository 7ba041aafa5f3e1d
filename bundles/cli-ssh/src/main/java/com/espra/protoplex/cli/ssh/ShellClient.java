package com.espra.protoplex.cli.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * Runs Gogo commands on a node over SSH, or a whole session of them.
 *
 * <p>Nothing of the SSH library is loaded before {@link #run} is called.
 */
public final class ShellClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LOGIN = Duration.ofSeconds(20);
    private static final Duration ALIVE = Duration.ofSeconds(15);
    private static final int NO_STATUS = 255;

    private final OutputStream out;
    private final OutputStream err;

    /**
     * @param out gets what a command prints
     * @param err gets its errors
     */
    public ShellClient(OutputStream out, OutputStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs one command, or an interactive session on this process's terminal.
     *
     * @param target where
     * @param command the words of the command, joined by spaces as {@code ssh} does; empty for an interactive session
     * @return the exit status: of the command, or of the session's end
     * @throws ShellException if the node cannot be reached, is not who it was, or refuses the key
     */
    public int run(Target target, List<String> command) throws ShellException {
        // Without a provider SLF4J prints a warning at the user; a provider that is there is used all the same.
        System.setProperty("slf4j.internal.verbosity", System.getProperty("slf4j.internal.verbosity", "ERROR"));
        KeyPair key = operatorKey(target);
        HostKey hostKey = new HostKey(target);
        try (SshClient client = client(key, hostKey)) {
            client.start();
            try (ClientSession session = connect(client, target, hostKey)) {
                return command.isEmpty() ? interactive(session) : execute(session, String.join(" ", command));
            }
        } catch (IOException e) {
            throw ShellException.refused("the connection to " + target + " broke: " + reason(e) + ". Try again", e);
        }
    }

    private static SshClient client(KeyPair key, HostKey hostKey) {
        SshClient client = SshClient.setUpDefaultClient();
        // Only what belongs to this fleet counts: not the user's own keys, agent or ~/.ssh/config.
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(key));
        client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        client.setServerKeyVerifier(hostKey);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, ALIVE);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, 3);
        return client;
    }

    private static KeyPair operatorKey(Target target) throws ShellException {
        if (!Files.isReadable(target.privateKey())) {
            throw ShellException.refused(
                    "the operator's key " + target.privateKey() + " cannot be read: './protoplex up' makes it", null);
        }
        try (var in = Files.newInputStream(target.privateKey())) {
            Iterable<KeyPair> pairs = SecurityUtils.loadKeyPairIdentities(
                    null, NamedResource.ofName(target.privateKey().toString()), in, FilePasswordProvider.EMPTY);
            for (KeyPair pair : pairs == null ? List.<KeyPair>of() : pairs) {
                return pair;
            }
            throw new IOException("there is no key in it");
        } catch (IOException | GeneralSecurityException e) {
            throw ShellException.refused(
                    "the operator's key " + target.privateKey() + " is of no use: " + reason(e)
                            + ". It must be an OpenSSH private key without a passphrase",
                    e);
        }
    }

    private static ClientSession connect(SshClient client, Target target, HostKey hostKey) throws ShellException {
        ClientSession session;
        try {
            session = client.connect(System.getProperty("user.name", "operator"), target.host(), target.port())
                    .verify(CONNECT)
                    .getSession();
        } catch (IOException e) {
            throw unreachable(target, e);
        }
        try {
            session.auth().verify(LOGIN);
            return session;
        } catch (IOException e) {
            session.close(true);
            throw hostKey.refusal().orElseGet(() -> loginRefused(target, e));
        }
    }

    private static ShellException unreachable(Target target, IOException e) {
        boolean closed = e instanceof ConnectException || e.getCause() instanceof ConnectException;
        String what = closed ? "nothing listens there" : reason(e);
        return ShellException.unreachable(
                "cannot reach the shell of " + target + ": " + what
                        + ". See whether the node runs ('./protoplex status') and what its log says of the shell",
                e);
    }

    private static ShellException loginRefused(Target target, IOException e) {
        if (e instanceof SshException ssh && ssh.getDisconnectCode() == 14) {
            return ShellException.refused(
                    target + " does not know the key " + target.privateKey()
                            + ": add its .pub line to the file that 'shell.authorizedKeys' in the node's node.json names",
                    e);
        }
        return ShellException.refused(target + " refused the session: " + reason(e), e);
    }

    private int execute(ClientSession session, String command) throws IOException {
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setOut(new FlushingOutput(out));
            channel.setErr(new FlushingOutput(err));
            channel.open().verify(LOGIN);
            channel.getInvertedIn().close();
            return await(channel);
        }
    }

    private static int interactive(ClientSession session) throws IOException {
        try (LocalTerminal terminal = LocalTerminal.open()) {
            return terminal.attach(session, LOGIN, ShellClient::await);
        }
    }

    private static int await(ClientChannel channel) {
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 0L);
        Integer status = channel.getExitStatus();
        return status == null ? NO_STATUS : status;
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
