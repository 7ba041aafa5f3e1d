package com.espra.protoplex.shell;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.shell.ShellFactory;

/** The SSH server: sessions of Gogo for those who hold a key, and nothing else that SSH could do. */
final class ShellServer implements AutoCloseable {

    private static final int IO_THREADS = 2;
    private static final int CHANNELS_PER_SESSION = 8;
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final SshServer server;

    /**
     * Opens the port.
     *
     * @param data where the host key is
     * @throws IOException if it cannot; the message says why
     */
    ShellServer(ShellConfig config, Path data, AuthorizedKeys keys, ShellFactory shells, CommandFactory commands)
            throws IOException {
        Cryptography.prepare();
        server = ServerBuilder.builder().build();
        server.setHost(config.host());
        server.setPort(config.port());
        limit(config);
        restrict();
        server.setPublickeyAuthenticator(keys);
        server.setShellFactory(shells);
        server.setCommandFactory(commands);
        server.addSessionListener(new SessionLimit(config.sessions()));
        try {
            server.setKeyPairProvider(KeyPairProvider.wrap(new HostKeyFile(data).load()));
            server.start();
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void limit(ShellConfig config) {
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ofSeconds(config.idleSeconds()));
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, Duration.ofSeconds(config.idleSeconds() + 60L));
        CoreModuleProperties.AUTH_TIMEOUT.set(server, Duration.ofSeconds(config.loginSeconds()));
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, config.loginAttempts());
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, CHANNELS_PER_SESSION);
        CoreModuleProperties.NIO_WORKERS.set(server, IO_THREADS);
        CoreModuleProperties.CHANNEL_CLOSE_TIMEOUT.set(server, CLOSE);
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "protoplex");
    }

    private void restrict() {
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setSignatureFactories(List.<NamedFactory<Signature>>of(
                BuiltinSignatures.ed25519,
                BuiltinSignatures.nistp256,
                BuiltinSignatures.nistp384,
                BuiltinSignatures.nistp521,
                BuiltinSignatures.rsaSHA512,
                BuiltinSignatures.rsaSHA256));
        server.setChannelFactories(List.of(ChannelSessionFactory.INSTANCE));
        server.setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setAgentFactory(null);
        server.setSubsystemFactories(List.of());
    }

    boolean isEverywhere() {
        return server.getHost().equals("0.0.0.0") || server.getHost().equals("::");
    }

    URI address() {
        String host = isEverywhere() ? "localhost" : server.getHost();
        return URI.create("ssh://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + server.getPort());
    }

    /** Sessions now, logged in or not. */
    int sessions() {
        return (int) server.getActiveSessions().stream()
                .filter(AbstractSession::isOpen)
                .count();
    }

    @Override
    public void close() throws IOException {
        server.close(false).await(CLOSE);
        server.close(true).await(CLOSE);
    }
}
