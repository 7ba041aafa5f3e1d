package com.espra.protoplex.seed;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class BackupHttpTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aBackupHasTheStateTheSecretsAndTheBuildsAndAnEnd() throws Exception {
        Path data = folder.getRoot().toPath();
        try (RunningSeed seed = new RunningSeed(data, 1 << 20, 20)) {
            String digest = seed.upload("shop", "1.0.0");
            seed.deploy("shop", "1.0.0");
            seed.put(new byte[] {1}); // of no build yet
            HttpResponse<byte[]> answer = seed.client.send(
                    seed.request("/v1/backups").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray());
            assertEquals(200, answer.statusCode());
            List<String> names = new ArrayList<>();
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    names.add(entry.getName());
                    if (entry.getName().equals("data/state.json")) {
                        assertArrayEquals(Files.readAllBytes(data.resolve("state.json")), zip.readAllBytes());
                    }
                }
            }
            assertEquals("backup.json", names.getFirst());
            assertEquals("end", names.getLast());
            assertTrue(
                    names.toString(),
                    names.containsAll(List.of(
                            "data/state.json",
                            "secrets/operator.token",
                            "secrets/link.token",
                            "secrets/fleet.key",
                            "data/store/builds/" + digest + "/build.json",
                            "data/store/builds/" + digest + "/build.sig")));
            assertEquals(
                    "POST /v1/backups",
                    seed.json("/v1/audit")
                            .path("entries")
                            .get(0)
                            .path("operation")
                            .asText());
        }
    }
}
