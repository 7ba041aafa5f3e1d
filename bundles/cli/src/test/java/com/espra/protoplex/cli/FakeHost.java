package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/**
 * A distribution whose host is a process that does what matters to whoever starts it: says in status.json that it serves, stops at SIGTERM,
 * and fails when its data folder holds a file {@code broken}.
 */
public final class FakeHost {

    private static final String SOURCE = """
        package com.espra.protoplex.host;

        import java.nio.file.*;

        public class Main {
            public static void main(String[] args) throws Exception {
                Path data = Path.of(args[1]);
                Files.createDirectories(data.resolve("log"));
                if (Files.exists(data.resolve("broken"))) {
                    System.err.println("the node is broken on purpose");
                    System.exit(1);
                }
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        Files.writeString(data.resolve("stopped"), "in order");
                    } catch (java.io.IOException e) {
                        e.printStackTrace();
                    }
                    Runtime.getRuntime().halt(0);
                }));
                String status = "{\\"pid\\":" + ProcessHandle.current().pid()
                        + ",\\"phase\\":\\"serving\\",\\"addresses\\":{\\"http\\":\\"http://localhost:8080\\"}}";
                Path file = Files.writeString(data.resolve("status.new"), status);
                Files.move(file, data.resolve("status.json"), StandardCopyOption.REPLACE_EXISTING);
                Thread.sleep(Long.MAX_VALUE);
            }
        }
        """;

    private FakeHost() {}

    /** Makes the distribution in a folder. */
    public static Path distribution(Path folder) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path source = Files.writeString(classes.resolve("Main.java"), SOURCE);
        int status =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), source.toString());
        assertEquals("compiled", 0, status);
        Path lib = Files.createDirectories(folder.resolve("lib/host"));
        String entry = "com/espra/protoplex/host/Main.class";
        try (OutputStream out = Files.newOutputStream(lib.resolve("host.jar"));
                JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new JarEntry(entry));
            jar.write(Files.readAllBytes(classes.resolve(entry)));
        }
        return folder;
    }
}
