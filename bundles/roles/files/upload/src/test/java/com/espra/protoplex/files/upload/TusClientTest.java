package com.espra.protoplex.files.upload;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** The client of tus that most pages use: where there is a Node, and npm has the client or can fetch it. */
public class TusClientTest extends UploadServerTest {

    private static final String CLIENT = "tus-js-client@4.3.1";
    private static final long LONGEST_SECONDS = 60;

    private static int run(Path folder, String log, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private static boolean isThere(Path folder, String command) throws InterruptedException {
        try {
            return run(folder, "version.log", List.of(command, "--version")) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    public void aClientOfTusUploadsInEachOfItsWays() throws Exception {
        Path folder = Files.createDirectories(Path.of("target/node"));
        assumeTrue("there is no node, or no npm", isThere(folder, "node") && isThere(folder, "npm"));
        if (Files.notExists(folder.resolve("node_modules/tus-js-client/package.json"))) {
            int fetched = run(
                    folder,
                    "npm.log",
                    List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", ".", CLIENT));
            assumeTrue("npm cannot fetch " + CLIENT + ": " + folder.resolve("npm.log"), fetched == 0);
        }
        Files.copy(
                Path.of("src/test/resources/tus-client.mjs"),
                folder.resolve("tus-client.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
        int status = run(
                folder,
                "client.log",
                List.of("node", "tus-client.mjs", "http://127.0.0.1:" + port + "/upload", "good"));
        assertEquals(Files.readString(folder.resolve("client.log")), 0, status);
        assertEquals(
                Set.of(
                        "h/pictures/whole",
                        "h/pictures/pieces",
                        "h/pictures/with",
                        "h/pictures/stream",
                        "h/pictures/parts",
                        "h/pictures/broken",
                        "h/pictures/post",
                        "h/pictures/empty"),
                ledger.files.keySet());
        byte[] content = kept(ledger.files.get("h/pictures/parts").address());
        byte[] expected = new byte[1_000_003];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) ((i * 2654435761L) >>> 24);
        }
        assertArrayEquals(expected, content);
    }
}
