package com.espra.protoplex.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SSH channel and its Gogo session. Where the client asked for a pseudo-terminal there is one: a line discipline in Java, told of
 * every new window size and of the client's signals.
 */
final class GogoChannel implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(GogoChannel.class);

    /** JLine runs {@code infocmp} for names that it does not know: nothing else than a name may get there. */
    private static final Pattern TERMINAL_TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}");

    private final CommandProcessor processor;
    private final GogoWork work;

    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;
    private volatile @Nullable GogoSession running;
    private volatile @Nullable Thread thread;

    GogoChannel(CommandProcessor processor, GogoWork work) {
        this.processor = processor;
        this.work = work;
    }

    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        this.err = err;
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        this.exit = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        InputStream from = Objects.requireNonNull(in);
        OutputStream to = Objects.requireNonNull(out);
        OutputStream errors = Objects.requireNonNull(err);
        ExitCallback end = Objects.requireNonNull(exit);
        thread = Thread.ofPlatform()
                .daemon()
                .name("shell " + channel)
                .start(() -> end.onExit(run(environment, from, to, errors)));
    }

    @Override
    public void destroy(ChannelSession channel) {
        GogoSession session = running;
        if (session != null) {
            session.interrupt();
        }
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
        }
    }

    private int run(Environment environment, InputStream from, OutputStream to, OutputStream errors) {
        String type = environment.getEnv().get(Environment.ENV_TERM);
        try {
            if (type == null) {
                return work(null, from, to, errors);
            }
            try (Terminal terminal = terminal(type, environment, from, to)) {
                return work(terminal, terminal.input(), terminal.output(), terminal.output());
            }
        } catch (IOException e) {
            LOG.debug("Shell: a channel was closed while it ran", e);
            return GogoWork.FAILED;
        } catch (RuntimeException e) {
            LOG.warn("Shell: a session ended early", e);
            return GogoWork.FAILED;
        }
    }

    private int work(@Nullable Terminal terminal, InputStream from, OutputStream to, OutputStream errors)
            throws IOException {
        try (CommandSession gogo = processor.createSession(from, to, errors)) {
            GogoSession session = new GogoSession(gogo, terminal, from, to, errors);
            running = session;
            int status = work.run(session);
            to.flush();
            errors.flush();
            return status;
        } finally {
            running = null;
        }
    }

    private static Terminal terminal(String asked, Environment environment, InputStream from, OutputStream to)
            throws IOException {
        String type = TERMINAL_TYPE.matcher(asked).matches() ? asked : "xterm";
        ExternalTerminal terminal = new ExternalTerminal("ssh", type, from, to, StandardCharsets.UTF_8);
        terminal.setSize(size(environment));
        environment.addSignalListener(
                (channel, signal) -> {
                    terminal.setSize(size(environment));
                    terminal.raise(Terminal.Signal.WINCH);
                },
                Signal.WINCH);
        environment.addSignalListener((channel, signal) -> terminal.raise(Terminal.Signal.INT), Signal.INT);
        return terminal;
    }

    private static Size size(Environment environment) {
        return new Size(
                number(environment, Environment.ENV_COLUMNS, 80), number(environment, Environment.ENV_LINES, 24));
    }

    private static int number(Environment environment, String name, int fallback) {
        try {
            int value = Integer.parseInt(environment.getEnv().getOrDefault(name, ""));
            return value > 0 && value < 10_000 ? value : fallback;
        } catch (NumberFormatException e) {
            return fallback;
        }
    }
}
