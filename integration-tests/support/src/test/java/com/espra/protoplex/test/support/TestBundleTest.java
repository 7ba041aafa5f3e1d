package com.espra.protoplex.test.support;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class TestBundleTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void makesABundleWithComponents() throws Exception {
        Path jar = TestBundle.named("com.example.hello")
                .version("1.0.1")
                .source("""
                        package com.example.hello;
                        import org.osgi.service.component.annotations.*;
                        @Component(service = Runnable.class)
                        public class Hello implements Runnable {
                            public void run() { System.out.println("hello"); }
                        }
                        """)
                .resource("greeting.txt", "hello")
                .header("Export-Package", "com.example.hello;version=1.0.1")
                .header("X-Own", "yes")
                .build(folder.getRoot().toPath());

        try (JarFile file = new JarFile(jar.toFile())) {
            var headers = file.getManifest().getMainAttributes();
            assertEquals("com.example.hello", headers.getValue("Bundle-SymbolicName"));
            assertEquals("1.0.1", headers.getValue("Bundle-Version"));
            assertEquals("OSGI-INF/com.example.hello.Hello.xml", headers.getValue("Service-Component"));
            assertEquals("yes", headers.getValue("X-Own"));
            assertTrue(headers.getValue("Export-Package").contains("com.example.hello"));
            assertNotNull(file.getEntry("greeting.txt"));
            assertNotNull(file.getEntry("com/example/hello/Hello.class"));
        }
    }

    @Test
    public void namesWhatDoesNotCompile() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> TestBundle.named("com.example.bad")
                        .source("package p; public class A { Missing m; }")
                        .build(folder.getRoot().toPath()));
        assertTrue(e.getMessage(), e.getMessage().contains("Missing"));
    }

    @Test
    public void whatWasMadeBeforeIsNotMadeAgain() throws Exception {
        TestBundle bundle = TestBundle.named("com.example.again")
                .source("package com.example.again; public class A {}")
                .resource("only-here.txt", UUID.randomUUID().toString());
        Path first = bundle.build(folder.newFolder().toPath());
        Set<Path> built = built();

        Path second = bundle.build(folder.newFolder().toPath());

        assertEquals(built, built());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        bundle.source("package com.example.again; public class B {}")
                .build(folder.newFolder().toPath());
        assertEquals("another recipe", built.size() + 1, built().size());
    }

    private static Set<Path> built() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target", "test-bundles"))) {
            return jars.collect(Collectors.toSet());
        }
    }
}
