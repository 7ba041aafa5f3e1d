package com.espra.protoplex.cli.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes the bundles of the demonstration: the same servlet in each, under another version. */
final class HelloBundle {

    /** Where the servlet answers. */
    static final String PATH = "/hello";

    /** By name: the class itself cannot be loaded here, where there is no servlet API. */
    private static final String SERVLET = "com.espra.protoplex.cli.demo.hello.DemoServlet";

    private static final String CLASS = SERVLET.replace('.', '/') + ".class";

    private static final String COMPONENT = """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="hello">
          <implementation class="CLASS"/>
          <service>
            <provide interface="jakarta.servlet.Servlet"/>
          </service>
          <property name="osgi.http.whiteboard.servlet.pattern" value="PATH"/>
        </scr:component>
        """;

    private HelloBundle() {}

    /** Writes the bundle of a version into a folder. */
    static Path write(Path folder, String version) throws IOException {
        Path jar = folder.resolve("hello-" + version + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest(version))) {
            put(
                    entries,
                    "OSGI-INF/hello.xml",
                    COMPONENT.replace("CLASS", SERVLET).replace("PATH", PATH));
            put(entries, "version.txt", version);
            put(entries, CLASS, bytes());
        }
        return jar;
    }

    /** Whether this is what some version of the servlet answers to a request with this token. */
    static boolean answers(String token, String body) {
        return body.startsWith("hello 1.0.") && body.endsWith(" " + token + "\n") && body.split(" ").length == 3;
    }

    private static Manifest manifest(String version) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "com.espra.protoplex.demo.hello");
        main.putValue("Bundle-Version", version);
        main.putValue("Bundle-Name", "Hello");
        main.putValue("Import-Package", "jakarta.servlet;version=\"[6,7)\",jakarta.servlet.http;version=\"[6,7)\"");
        main.putValue("Service-Component", "OSGI-INF/hello.xml");
        main.putValue(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\"");
        return manifest;
    }

    private static byte[] bytes() throws IOException {
        try (InputStream in = HelloBundle.class.getClassLoader().getResourceAsStream(CLASS)) {
            if (in == null) {
                throw new FileNotFoundException(CLASS);
            }
            return in.readAllBytes();
        }
    }

    private static void put(JarOutputStream jar, String name, String text) throws IOException {
        put(jar, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }
}
