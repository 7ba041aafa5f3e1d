package com.espra.protoplex.host.launch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.launch.Distribution.PlatformBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DistributionTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path home;

    @Before
    public void features() throws Exception {
        home = folder.getRoot().toPath();
        Files.createDirectory(home.resolve("features"));
        feature("platform", "{'id': 'g:scr:1.0'}, {'id': 'g:agent:2.0', 'protoplex.start-level': 20}");
        feature("app", "{'id': 'g:scr:1.0'}, {'id': 'g:app:1.0'}");
    }

    @Test
    public void rolesAddToThePlatformAndEachBundleComesOnce() throws Exception {
        List<PlatformBundle> bundles = new Distribution(home).bundles(Distribution.PLATFORM, List.of("app"));

        assertEquals(List.of(bundle("scr-1.0.jar", 1), bundle("agent-2.0.jar", 20), bundle("app-1.0.jar", 1)), bundles);
    }

    @Test
    public void aRoleThatTheSeedPlacesAddsNothing() throws Exception {
        Distribution distribution = new Distribution(home);

        assertEquals(
                distribution.bundles(Distribution.PLATFORM, List.of()),
                distribution.bundles(Distribution.PLATFORM, List.of("echo")));
        assertEquals(Distribution.Kind.THREADS, distribution.kind("echo"));
        assertEquals(List.of("echo", "app"), Distribution.withAdapter(List.of("echo")));
        assertEquals(List.of("app", "echo"), Distribution.withAdapter(List.of("app", "echo")));
    }

    @Test
    public void whatIsNoNameOfARoleIsRefused() {
        for (String role : List.of("../features/app", "Echo", "", "platform")) {
            StartException refused = assertThrows(
                    StartException.class, () -> new Distribution(home).bundles(Distribution.PLATFORM, List.of(role)));
            assertTrue(refused.getMessage(), refused.getMessage().contains("The host has app by itself"));
        }
    }

    @Test
    public void aDamagedFeatureIsNamed() throws Exception {
        feature("app", "{'id': 'nonsense'}");

        StartException refused = assertThrows(
                StartException.class, () -> new Distribution(home).bundles(Distribution.PLATFORM, List.of("app")));

        assertTrue(refused.getMessage(), refused.getMessage().contains("app.json"));
    }

    private PlatformBundle bundle(String name, int level) {
        return new PlatformBundle(home.resolve("bundles").resolve(name), level);
    }

    private void feature(String role, String bundles) throws Exception {
        String text = "{'feature-resource-version': '1.0', 'bundles': [" + bundles + "]}";
        Files.writeString(home.resolve("features/" + role + ".json"), text.replace('\'', '"'));
    }
}
