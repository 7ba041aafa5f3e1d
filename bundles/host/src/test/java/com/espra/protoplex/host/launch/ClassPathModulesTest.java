package com.espra.protoplex.host.launch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;

/** In a real framework, with a bundle that this test has on its class path, and with a copy of it elsewhere. */
public class ClassPathModulesTest {

    private static final String CLASS = "com.fasterxml.jackson.core.JsonFactory";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ClassPathModules modules = ClassPathModules.ofThisJvm();
    private Framework framework;
    private Path jar;

    @Before
    public void start() throws Exception {
        Class<?> here = Class.forName(CLASS);
        jar = Path.of(here.getProtectionDomain().getCodeSource().getLocation().toURI());
        framework = new FrameworkFactory()
                .newFramework(
                        Map.of(Constants.FRAMEWORK_STORAGE, folder.newFolder().toString(), "felix.log.level", "1"),
                        modules);
        framework.start();
    }

    @After
    public void stop() throws Exception {
        framework.stop();
        framework.waitForStop(0);
    }

    @Test
    public void classesAreThoseOfTheClassPathAndKnowTheirBundle() throws Exception {
        Bundle bundle = modules.install(framework.getBundleContext(), jar);
        bundle.start();

        assertEquals("com.fasterxml.jackson.core.jackson-core", bundle.getSymbolicName());
        assertSame(Class.forName(CLASS), bundle.loadClass(CLASS));
        assertSame(bundle, FrameworkUtil.getBundle(Class.forName(CLASS)));
        assertNull("of no bundle", FrameworkUtil.getBundle(getClass()));
        assertNull("of the JDK", FrameworkUtil.getBundle(String.class));
    }

    @Test
    public void contentIsThatOfTheJar() throws Exception {
        Bundle bundle = modules.install(framework.getBundleContext(), jar);
        bundle.start();

        URL manifest = bundle.getEntry("META-INF/MANIFEST.MF");
        try (var in = manifest.openStream()) {
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertTrue(text, text.contains("com.fasterxml.jackson.core.jackson-core"));
        }
        assertNull(bundle.getEntry("nothing/here"));
        List<URL> found = bundle.adapt(BundleWiring.class).findEntries("META-INF", "*.MF", 0);
        assertEquals(List.of(manifest), found);
    }

    @Test
    public void aJarFromElsewhereHasItsOwnClasses() throws Exception {
        Path copy = Files.copy(jar, folder.getRoot().toPath().resolve("copy.jar"));
        Bundle bundle = modules.install(framework.getBundleContext(), copy);
        bundle.start();

        assertNotSame(Class.forName(CLASS), bundle.loadClass(CLASS));
        assertSame(bundle, FrameworkUtil.getBundle(bundle.loadClass(CLASS)));
        assertTrue(
                bundle.getLocation(),
                URI.create(bundle.getLocation()).getScheme().equals("reference"));
    }

    @Test
    public void theFirstRoleOfAJarHasTheClassesOfTheClassPathAndTheNextItsOwn() throws Exception {
        Bundle first = role(1);
        assertSame(Class.forName(CLASS), first.loadClass(CLASS));
        assertSame(first, FrameworkUtil.getBundle(Class.forName(CLASS)));
        first.stop();
        first.uninstall();
        assertNull("of no bundle any more", FrameworkUtil.getBundle(Class.forName(CLASS)));

        Bundle next = role(2);
        assertNotSame("what the first one left in its statics", Class.forName(CLASS), next.loadClass(CLASS));
        assertSame(next, FrameworkUtil.getBundle(next.loadClass(CLASS)));
    }

    private Bundle role(int generation) throws Exception {
        Bundle bundle =
                framework.getBundleContext().installBundle("role:seed:" + generation + ":jackson:platform:" + jar);
        bundle.start();
        return bundle;
    }
}
