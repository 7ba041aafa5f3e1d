package com.espra.protoplex.agent;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.agent.DistributionRoles.Shipped;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.sign.AuthorKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DistributionRolesTest {

    @Rule
    public final TemporaryFolder home = new TemporaryFolder();

    private Path feature(String folder, String name, String version) throws Exception {
        Path role =
                Files.createDirectories(home.getRoot().toPath().resolve("roles").resolve(folder));
        Path jar = Files.createDirectories(role.resolve("bundles")).resolve("store-1.0.0.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(
                    "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: store\nBundle-Version: 1.0.0\n"
                            .getBytes(StandardCharsets.UTF_8));
        }
        return Files.writeString(role.resolve(folder + ".json"), """
                {"id": "com.example:%s:%s", "bundles": ["com.example:store:1.0.0"],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "role", "takeOver": true}}}}
                """.formatted(name, version));
    }

    private Optional<Shipped> find(String role) {
        return new DistributionRoles(home.getRoot().toPath()).find(role);
    }

    @Test
    public void aRoleIsABuildWithoutAnAuthorAndTheSameOneEachTime() throws Exception {
        feature("store", "store", "1.2.0");

        Shipped shipped = find("store").orElseThrow();
        assertEquals("1.2.0", shipped.version());
        assertEquals(Build.Kind.ROLE, shipped.build().build().kind());
        assertEquals(shipped.digest(), find("store").orElseThrow().digest());
        assertEquals(Optional.empty(), find("other"));
    }

    @Test
    public void theSameBuildIsKnownWhoeverSignsIt() throws Exception {
        Path feature = feature("store", "store", "1.2.0");
        Shipped shipped = find("store").orElseThrow();

        BuildMaker maker = new BuildMaker(AuthorKey.create(), InstantSource.system(), List.of());
        var signed = maker.make(List.of(feature), BuildMaker.Wish.NONE).signed();
        assertTrue(shipped.build().isContentOf(signed.build()));
        assertNotEquals("no Seed can name it", signed.digest(), shipped.digest());

        feature("store", "store", "1.2.1");
        var later = maker.make(List.of(feature), BuildMaker.Wish.NONE).signed();
        assertFalse(shipped.build().isContentOf(later.build()));
    }

    @Test
    public void whatIsDamagedOrOfAnotherNameIsNoRole() throws Exception {
        feature("store", "other", "1.2.0");
        assertEquals(Optional.empty(), find("store"));
        Files.writeString(home.getRoot().toPath().resolve("roles/store/store.json"), "{");
        assertEquals(Optional.empty(), find("store"));
        Files.delete(home.getRoot().toPath().resolve("roles/store/store.json"));
        assertEquals(Optional.empty(), find("store"));
    }
}
