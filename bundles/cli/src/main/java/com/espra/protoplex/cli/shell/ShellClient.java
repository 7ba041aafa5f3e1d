package com.espra.protoplex.cli.shell;

import com.espra.protoplex.cli.CliException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs Gogo commands on a node by the system's {@code ssh}, or a whole session of them. Only what belongs to this fleet counts: not the user's own
 * keys, agent, known hosts and configuration.
 */
public final class ShellClient {

    /** What {@code ssh} ends with when it could not do its own part. */
    private static final int FAILED = 255;

    /** The name of the node in its file of known hosts, whatever its address is: the file is this node's alone. */
    private static final String ALIAS = "protoplex";

    private final String searchPath;
    private final Redirect out;
    private final Redirect err;

    /**
     * @param searchPath where programs are, as in PATH
     * @param out gets what a command prints
     * @param err gets its errors
     */
    public ShellClient(String searchPath, Redirect out, Redirect err) {
        this.searchPath = searchPath;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs one command, or an interactive session on this process's terminal.
     *
     * @param target where
     * @param command the words of the command, joined by spaces as {@code ssh} does; empty for an interactive session
     * @return the exit status: of the command, or of the session's end
     * @throws CliException if there is no {@code ssh}, the node cannot be reached, is not who it was, or refuses the key
     */
    public int run(ShellTarget target, List<String> command) throws IOException, InterruptedException {
        if (!Files.isReadable(target.privateKey())) {
            throw CliException.refused(
                    "the operator's key " + target.privateKey() + " cannot be read", "run `up`, which makes it");
        }
        List<String> words = new ArrayList<>(List.of(program()));
        // What ssh has to say of itself, apart from what the node's command says.
        Path log = Files.createTempFile("protoplex-ssh", ".log");
        try {
            words.addAll(options(target, log));
            words.add(command.isEmpty() ? (isTerminal() ? "-t" : "-T") : "-T");
            words.addAll(List.of("--", target.host()));
            if (!command.isEmpty()) {
                words.add(String.join(" ", command));
            }
            int status =
                    run(words, target, command.isEmpty() ? Redirect.INHERIT : Redirect.from(new File("/dev/null")));
            String said = Files.readString(log).strip();
            if (status == FAILED && !said.isEmpty()) {
                throw failure(target, said);
            }
            return status;
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private String program() {
        return Stream.of(searchPath.split(File.pathSeparator))
                .map(folder -> Path.of(folder, "ssh"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> CliException.usage(
                                "the shell needs OpenSSH's client, and there is no ssh in PATH",
                                "install it (Debian, Ubuntu: apt-get install openssh-client; Fedora: dnf install openssh-clients; Alpine: apk add openssh-client)"))
                .toString();
    }

    private static List<String> options(ShellTarget target, Path log) throws IOException {
        boolean own = writeOwnKey(target);
        List<String> options = new ArrayList<>(List.of("-F", "none", "-E", log.toString()));
        options.addAll(List.of("-p", String.valueOf(target.port())));
        Stream.of(
                        "IdentityFile=" + name(target, target.privateKey()),
                        "IdentitiesOnly=yes",
                        "IdentityAgent=none",
                        "PreferredAuthentications=publickey",
                        "UserKnownHostsFile=" + name(target, target.knownHosts()),
                        "GlobalKnownHostsFile=/dev/null",
                        "HostKeyAlias=" + ALIAS,
                        "StrictHostKeyChecking=" + (own ? "yes" : "accept-new"),
                        "UpdateHostKeys=no",
                        "ConnectTimeout=5",
                        "ServerAliveInterval=15",
                        "LogLevel=ERROR")
                .forEach(option -> options.addAll(List.of("-o", option)));
        return options;
    }

    /** {@code ssh} runs in the node's folder: so a path is short, and nothing in it that has a meaning to ssh is read. */
    private static String name(ShellTarget target, Path file) {
        return folder(target).relativize(file.toAbsolutePath()).toString();
    }

    private static Path folder(ShellTarget target) {
        return target.knownHosts().toAbsolutePath().resolveSibling("");
    }

    /** Whether the node has written down who it is. */
    private static boolean writeOwnKey(ShellTarget target) throws IOException {
        if (!Files.exists(target.ownHostKey())) {
            return false;
        }
        String line = ALIAS + " " + Files.readString(target.ownHostKey()).strip() + "\n";
        if (!Files.exists(target.knownHosts())
                || !Files.readString(target.knownHosts()).equals(line)) {
            Files.writeString(target.knownHosts(), line);
        }
        return true;
    }

    private int run(List<String> words, ShellTarget target, Redirect in) throws IOException, InterruptedException {
        Process ssh = new ProcessBuilder(words)
                .directory(folder(target).toFile())
                .redirectInput(in)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        // Whoever ends this process ends the session: ssh gives the terminal back as it was.
        Runtime.getRuntime().addShutdownHook(new Thread(ssh::destroy));
        return ssh.waitFor();
    }

    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again when there is no terminal
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    private static CliException failure(ShellTarget target, String said) {
        String text = said.toLowerCase(Locale.ROOT);
        if (text.contains("host key verification failed")) {
            Path known = Files.exists(target.ownHostKey()) ? target.ownHostKey() : target.knownHosts();
            return CliException.refused(
                    "the host key of " + target + " is not the one in " + known
                            + ": something else answers there, or the node was made anew",
                    "delete that file if you know that it was");
        }
        if (text.contains("permission denied")) {
            return CliException.refused(
                    target + " does not know the key " + target.privateKey(),
                    "add its .pub line to the file that `shell.authorizedKeys` in the node's node.json names");
        }
        String last = said.substring(said.lastIndexOf('\n') + 1);
        if (text.contains("connect to host")) {
            return CliException.unreachable(
                    "cannot reach the shell of " + target + ": " + last,
                    "see whether the node runs (`status`), and what its log says of the shell");
        }
        return CliException.refused("the connection to " + target + " broke: " + last, "try again");
    }
}
