package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Google's client for Node, which speaks gRPC: where there is a Node, and npm has the client or can fetch it. */
public class NodeClientTest {

    private static final String CLIENT = "@google-cloud/datastore@10.1.0";
    private static final long LONGEST_FETCH_SECONDS = 60;
    private static final long LONGEST_RUN_SECONDS = 60;

    @Rule
    public final TestDatastore server = new TestDatastore();

    private static int run(Path folder, Path log, long seconds, String host, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("DATASTORE_EMULATOR_HOST", host);
        // It looks for a machine of Google's, and waits for it.
        builder.environment().put("METADATA_SERVER_DETECTION", "none");
        Process process = builder.start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private static boolean isThere(Path folder, String command) throws InterruptedException {
        try {
            return run(folder, folder.resolve("version.log"), 20, "", List.of(command, "--version")) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    public void aProgramOfNodeReadsWritesAsksAndIsToldOfConflicts() throws Exception {
        Path folder = Files.createDirectories(Path.of("target/node"));
        assumeTrue("there is no node, or no npm", isThere(folder, "node") && isThere(folder, "npm"));
        if (Files.notExists(folder.resolve("node_modules/@google-cloud/datastore/package.json"))) {
            int fetched = run(
                    folder,
                    folder.resolve("npm.log"),
                    LONGEST_FETCH_SECONDS,
                    "",
                    List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", ".", CLIENT));
            assumeTrue("npm cannot fetch " + CLIENT + ": " + folder.resolve("npm.log"), fetched == 0);
        }
        Files.copy(
                Path.of("src/test/resources/client.js"),
                folder.resolve("client.js"),
                StandardCopyOption.REPLACE_EXISTING);
        Path log = folder.resolve("client.log");
        int status = run(folder, log, LONGEST_RUN_SECONDS, "127.0.0.1:" + server.port(), List.of("node", "client.js"));
        assertEquals(Files.readString(log), 0, status);
    }
}
