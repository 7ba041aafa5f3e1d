package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.CliException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SeedRestoreTest {

    private static final String HEADER = "{\"format\":1,\"fleet\":\"f1\",\"time\":\"2026-11-30T12:00:00Z\"}";
    private static final String BUILD = "data/store/builds/" + "a".repeat(64) + "/build.sig";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private FleetDir dir;
    private Path file;

    @Before
    public void place() {
        dir = new FleetDir(folder.getRoot().toPath().resolve("fleet"));
        file = folder.getRoot().toPath().resolve("fleet.zip");
    }

    private void backup(String... names) throws Exception {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write((name.equals("backup.json") ? HEADER : "of " + name).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }

    private Path data() {
        return dir.node("node-1").resolve("data");
    }

    @Test
    public void whatWasThereIsMovedAsideAndSecretsAreTheirOwnersAlone() throws Exception {
        backup("backup.json", "data/state.json", "secrets/fleet.key", BUILD, "end");
        Files.createDirectories(data().resolve("seed"));
        Files.writeString(data().resolve("seed/state.json"), "before");
        Files.writeString(dir.path().resolve("fleet.key"), "before");

        SeedRestore.Restored restored = SeedRestore.restore(file, dir);

        assertEquals("f1", restored.fleet());
        assertEquals(1, restored.builds());
        assertEquals("of data/state.json", Files.readString(data().resolve("seed/state.json")));
        assertEquals("before", Files.readString(restored.aside().orElseThrow().resolve("state.json")));
        Path key = dir.path().resolve("fleet.key");
        assertEquals("of secrets/fleet.key", Files.readString(key));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        try (var files = Files.list(dir.path())) {
            assertTrue(files.anyMatch(each -> each.getFileName().toString().startsWith("fleet.key.before-")));
        }
    }

    @Test
    public void theAuthorityForCertificatesGoesIntoItsFolder() throws Exception {
        backup("backup.json", "data/enrolment.json", "secrets/ca.key", "secrets/ca.crt", "end");

        SeedRestore.restore(file, dir);

        assertEquals("of data/enrolment.json", Files.readString(data().resolve("seed/enrolment.json")));
        assertEquals("of secrets/ca.crt", Files.readString(dir.authority()));
        Path key = dir.authority().resolveSibling("ca.key");
        assertEquals("of secrets/ca.key", Files.readString(key));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())));
    }

    @Test
    public void oneThatWasCutOffIsRefusedAndChangesNothing() throws Exception {
        backup("backup.json", "data/state.json", "end");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        refused();
        backup("backup.json", "data/state.json");
        refused();
        Files.writeString(file, "no zip");
        refused();
        Files.delete(file);
        refused();
    }

    @Test
    public void oneWithADamagedByteIsRefused() throws Exception {
        backup("backup.json", "data/state.json", "end");
        byte[] whole = Files.readAllBytes(file);
        for (int i = 1; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            dir = new FleetDir(folder.getRoot().toPath().resolve("fleet-" + i));
            try {
                SeedRestore.restore(file, dir);
                // What nobody reads, such as a time, may be damaged; what was restored is right.
                assertEquals("of data/state.json", Files.readString(data().resolve("seed/state.json")));
            } catch (CliException refused) {
                assertEquals(1, refused.status());
            }
        }
    }

    @Test
    public void whatIsInUseIsLeftAlone() throws Exception {
        backup("backup.json", "data/state.json", "end");
        Files.createDirectories(dir.node("node-1"));
        try (FileChannel node = FileChannel.open(
                        dir.node("node-1").resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = node.lock()) {
            assertTrue(held.isValid());
            assertThrows(OverlappingFileLockException.class, () -> SeedRestore.restore(file, dir));
        }
        SeedRestore.restore(file, dir);
    }

    @Test
    public void nothingIsUnpackedElsewhere() throws Exception {
        for (String name : List.of(
                "data/../../../../evil",
                "/evil",
                "data/store/files/../../evil",
                "secrets/../evil.key",
                "secrets/authorized_keys",
                "data/node.json")) {
            backup("backup.json", name, "end");
            refused();
        }
        try (var files = Files.walk(folder.getRoot().toPath())) {
            assertFalse(files.anyMatch(each -> each.getFileName().toString().contains("evil")));
        }
    }

    private void refused() {
        CliException refusal = assertThrows(CliException.class, () -> SeedRestore.restore(file, dir));
        assertEquals(1, refusal.status());
        assertFalse(Files.exists(data().resolve("seed")));
    }
}
