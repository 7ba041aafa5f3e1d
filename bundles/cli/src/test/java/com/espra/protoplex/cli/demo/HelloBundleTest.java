package com.espra.protoplex.cli.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.JarInspection;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.Assert;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class HelloBundleTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void isABundleOfItsVersion() throws Exception {
        Path jar = HelloBundle.write(folder.getRoot().toPath(), "1.0.7");

        JarInspection inspected = JarInspection.inspect(jar, "hello");
        assertEquals("1.0.7", inspected.version());
        assertTrue(inspected.symbolicName().endsWith(".hello"));
        try (JarFile file = new JarFile(jar.toFile())) {
            assertNotNull(file.getEntry("com/espra/protoplex/cli/demo/hello/DemoServlet.class"));
            String component = new String(
                    file.getInputStream(file.getEntry("OSGI-INF/hello.xml")).readAllBytes());
            assertTrue(component, component.contains("\"com.espra.protoplex.cli.demo.hello.DemoServlet\""));
            assertTrue(component, component.contains("\"/hello\""));
        }
    }

    @Test
    public void isMadeWhereThereIsNoServletApi() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("servlet")) {
                path.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader plain =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Assert.assertThrows(ClassNotFoundException.class, () -> plain.loadClass("jakarta.servlet.Servlet"));
            Method write =
                    plain.loadClass(HelloBundle.class.getName()).getDeclaredMethod("write", Path.class, String.class);
            write.setAccessible(true);

            assertNotNull(write.invoke(null, folder.getRoot().toPath(), "1.0.8"));
        }
    }

    @Test
    public void onlyTheAnswerToTheRequestIsRight() {
        assertTrue(HelloBundle.answers("c1-2", "hello 1.0.7 c1-2\n"));
        for (String wrong :
                List.of("hello 1.0.7 c1-3\n", "hello 1.0.7 c1-2", "hello unknown c1-2\n", "", "hello 1.0.7 x c1-2\n")) {
            assertFalse(wrong, HelloBundle.answers("c1-2", wrong));
        }
    }

    @Test
    public void percentilesAreTheNearestRank() {
        List<Long> values = List.of(5L, 1L, 4L, 2L, 3L);
        assertEquals(3, Percentiles.of(values, 0.5));
        assertEquals(5, Percentiles.of(values, 0.99));
        assertEquals(0, Percentiles.of(List.of(), 0.5));
    }
}
