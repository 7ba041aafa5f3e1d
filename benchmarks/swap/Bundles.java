import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Makes the bundles that the benchmark swaps: versions 1.0.0 to 1.0.N of one app with three servlets. Arguments: the folder for the jars, N, the
 * jars to compile against, and {@code javax} for a container of the days before Jakarta.
 */
final class Bundles {

    /**
     * /bench/version answers the bundle's version; /bench/instant answers at once; /bench/slow waits 200 ms; /bench/late waits 200 ms, then loads a
     * class and a resource of its own bundle that nothing has touched before in this request's version.
     */
    private static final String APP = """
            package bench;

            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;
            import java.util.*;
            import org.osgi.framework.*;

            public class App extends HttpServlet implements BundleActivator {
                private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);

                @Override
                public void start(BundleContext context) {
                    Hashtable<String, Object> properties = new Hashtable<>();
                    properties.put("osgi.http.whiteboard.servlet.pattern", new String[] {"/bench/*"});
                    properties.put("osgi.http.whiteboard.servlet.asyncSupported", true);
                    context.registerService(Servlet.class, this, properties);
                }

                @Override
                public void stop(BundleContext context) {}

                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    String path = request.getPathInfo();
                    if ("/version".equals(path)) {
                        response.getWriter().print(FrameworkUtil.getBundle(App.class).getVersion());
                        return;
                    }
                    if (!"/instant".equals(path)) {
                        try {
                            Thread.sleep(200);
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    if ("/late".equals(path)) {
                        late();
                    }
                    response.setContentLength(OK.length);
                    response.getOutputStream().write(OK);
                }

                private void late() throws IOException {
                    try (InputStream in = App.class.getResourceAsStream("/bench/late.txt")) {
                        Object late = Class.forName("bench.Late", true, App.class.getClassLoader()).getConstructor().newInstance();
                        if (in == null || !late.toString().equals(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
                            throw new IOException("class and resource differ");
                        }
                    } catch (ReflectiveOperationException | LinkageError e) {
                        throw new IOException(e);
                    }
                }
            }
            """;

    private static final String LATE = """
            package bench;

            public class Late {
                @Override
                public String toString() {
                    return "late";
                }
            }
            """;

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        String servlets = arguments.length > 3 ? arguments[3] : "jakarta";
        Path classes = compile(folder, arguments[2], servlets);
        for (int i = 0; i <= count; i++) {
            write(folder.resolve("bench-1.0." + i + ".jar"), "1.0." + i, classes, servlets);
        }
    }

    private static Path compile(Path folder, String classPath, String servlets) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("src/bench"));
        Files.writeString(sources.resolve("App.java"), APP.replace("jakarta.", servlets + "."));
        Files.writeString(sources.resolve("Late.java"), LATE);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(
                null,
                null,
                null,
                "-cp",
                classPath,
                "-d",
                classes.toString(),
                sources.resolve("App.java").toString(),
                sources.resolve("Late.java").toString());
        if (status != 0) {
            throw new IOException("the app does not compile");
        }
        Files.writeString(classes.resolve("bench/late.txt"), "late");
        return classes;
    }

    private static void write(Path jar, String version, Path classes, String servlets) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", "bench");
        attributes.putValue("Bundle-Version", version);
        attributes.putValue("Bundle-Activator", "bench.App");
        attributes.putValue("Import-Package", servlets + ".servlet," + servlets + ".servlet.http,org.osgi.framework");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.walk(classes)) {
            List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : sorted) {
                zip.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
            zip.putNextEntry(new JarEntry("version.txt"));
            zip.write(version.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
    }
}
