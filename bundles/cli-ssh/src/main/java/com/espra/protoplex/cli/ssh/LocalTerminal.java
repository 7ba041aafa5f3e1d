package com.espra.protoplex.cli.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * This process's terminal, tied to a shell on the other side: every byte goes there as it is typed (Ctrl-C too), every byte that comes
 * is printed, and a new window size is told. Without a terminal, standard input is sent as lines and no pseudo-terminal is asked for.
 */
final class LocalTerminal implements AutoCloseable {

    private static final int FALLBACK_COLUMNS = 80;
    private static final int FALLBACK_ROWS = 24;

    private final @Nullable Terminal terminal;
    private final @Nullable Attributes saved;

    private LocalTerminal(@Nullable Terminal terminal) {
        this.terminal = terminal;
        this.saved = terminal == null ? null : terminal.getAttributes();
    }

    /** The terminal of this process, if standard input and output are one. */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again when there is no terminal
    static LocalTerminal open() throws IOException {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            return new LocalTerminal(null);
        }
        // By way of stty: the native providers make the JVM warn about restricted methods.
        return new LocalTerminal(TerminalBuilder.builder()
                .system(true)
                .provider(TerminalBuilder.PROP_PROVIDER_EXEC)
                .signalHandler(Terminal.SignalHandler.SIG_IGN)
                .build());
    }

    int attach(ClientSession session, Duration timeout, ToIntFunction<ClientChannel> await) throws IOException {
        Terminal local = terminal;
        try (ChannelShell channel = local == null ? plainShell(session) : ptyShell(session, local)) {
            channel.setOut(new FlushingOutput(local == null ? System.out : local.output()));
            channel.setErr(new FlushingOutput(System.err));
            if (local == null) {
                channel.open().verify(timeout);
                send(channel, System.in);
                return await.applyAsInt(channel);
            }
            raw(local);
            channel.open().verify(timeout);
            local.handle(Terminal.Signal.WINCH, signal -> resize(channel, local.getSize()));
            send(channel, local.input());
            return await.applyAsInt(channel);
        }
    }

    private static ChannelShell plainShell(ClientSession session) throws IOException {
        ChannelShell channel = session.createShellChannel(null, Map.of());
        channel.setUsePty(false);
        return channel;
    }

    private static ChannelShell ptyShell(ClientSession session, Terminal local) throws IOException {
        PtyChannelConfiguration pty = new PtyChannelConfiguration();
        Size size = local.getSize();
        pty.setPtyType(local.getType());
        pty.setPtyColumns(size.getColumns() > 0 ? size.getColumns() : FALLBACK_COLUMNS);
        pty.setPtyLines(size.getRows() > 0 ? size.getRows() : FALLBACK_ROWS);
        return session.createShellChannel(pty, Map.of());
    }

    private static void raw(Terminal local) {
        Attributes raw = local.getAttributes();
        for (LocalFlag flag : new LocalFlag[] {LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.ISIG, LocalFlag.IEXTEN}) {
            raw.setLocalFlag(flag, false);
        }
        for (InputFlag flag : new InputFlag[] {InputFlag.ICRNL, InputFlag.INLCR, InputFlag.IXON}) {
            raw.setInputFlag(flag, false);
        }
        raw.setOutputFlag(OutputFlag.OPOST, false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        local.setAttributes(raw);
    }

    private static void resize(ChannelShell channel, Size size) {
        try {
            channel.sendWindowChange(size.getColumns(), size.getRows());
        } catch (IOException e) {
            channel.close(true);
        }
    }

    /** A thread of its own, and a daemon: a read of standard input cannot be interrupted, and must not keep the process. */
    private static void send(ChannelShell channel, java.io.InputStream from) {
        OutputStream to = channel.getInvertedIn();
        Thread sender = new Thread(
                () -> {
                    byte[] buffer = new byte[4096];
                    try (to) {
                        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                            to.write(buffer, 0, n);
                            to.flush();
                        }
                    } catch (IOException e) {
                        channel.close(false);
                    }
                },
                "shell input");
        sender.setDaemon(true);
        sender.start();
    }

    @Override
    public void close() throws IOException {
        if (terminal != null && saved != null) {
            terminal.setAttributes(saved);
            terminal.close();
        }
    }
}
