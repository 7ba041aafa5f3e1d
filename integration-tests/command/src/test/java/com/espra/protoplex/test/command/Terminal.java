package com.espra.protoplex.test.command;

import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command on a pseudo-terminal, which util-linux's {@code script} makes: what is typed goes through the line discipline of the kernel. */
final class Terminal implements AutoCloseable {

    static final String CTRL_C = "\003";
    static final String CTRL_D = "\004";
    static final String CTRL_U = "\025";
    static final String TAB = "\t";
    static final String ENTER = "\r";

    private static final Pattern ESCAPES = Pattern.compile("\u001b(\\[[0-9;?]*[A-Za-z]|[=>])");

    private final Process script;
    private final Path screen;
    private final OutputStream keyboard;

    Terminal(List<String> command, Map<String, String> environment, Path folder) throws IOException {
        screen = Files.createTempFile(folder, "terminal", ".txt");
        String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        // A terminal's programs heed its signals; those of a build that runs in the background would ignore them, and
        // hand that on.
        String heeding = "stty cols 120 rows 30; exec env --default-signal=INT,QUIT,HUP " + line;
        ProcessBuilder builder = new ProcessBuilder("script", "-q", "-e", "-f", "-c", heeding, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("CI"); // a build server gets plain lines
        script = builder.start();
        keyboard = script.getOutputStream();
    }

    void type(String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    /** All that was ever written to it, without colours and movements. */
    String text() throws IOException {
        return ESCAPES.matcher(Files.readString(screen)).replaceAll("");
    }

    void awaitText(String expected) {
        awaitText(expected, 0);
    }

    /** Waits for what comes after that many characters; returns how many there were when it was there. */
    int awaitText(String expected, int from) {
        try {
            Await.until("the terminal shows '" + expected + "'", Fleet.DEADLINE, () -> {
                boolean shown = text().indexOf(expected, from) >= 0;
                assertTrue(toString(), shown || script.isAlive());
                return shown;
            });
            return text().length();
        } catch (AssertionError | IOException e) {
            throw new AssertionError("'" + expected + "' is not on the screen:\n" + this, e);
        }
    }

    int exitStatus() throws InterruptedException {
        assertTrue(toString(), script.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        return script.exitValue();
    }

    @Override
    public void close() throws IOException {
        keyboard.close();
        script.destroyForcibly();
    }

    @Override
    public String toString() {
        try {
            return text();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
