import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/**
 * A bare Felix, as somebody would launch it who has only bundles: installs all jars of a folder at the first start, keeps them in the framework's
 * cache, starts all of them, and waits for SIGTERM. Arguments: the folder of bundles, the folder of the cache, the port.
 */
final class Felix {

    private Felix() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, arguments[1]);
        properties.put("org.osgi.service.http.port", arguments[2]);
        properties.put("org.apache.felix.http.host", "127.0.0.1");
        properties.put("gosh.args", "--nointeractive --noshutdown");
        Framework framework = new FrameworkFactory().newFramework(properties);
        framework.init();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                framework.stop();
                framework.waitForStop(10_000);
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        if (framework.getBundleContext().getBundles().length == 1) {
            List<Path> jars;
            try (var files = Files.list(Path.of(arguments[0]))) {
                jars = files.sorted().toList();
            }
            List<Bundle> bundles = new ArrayList<>();
            for (Path jar : jars) {
                bundles.add(
                        framework.getBundleContext().installBundle(jar.toUri().toString()));
            }
            for (Bundle bundle : bundles) {
                if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                    bundle.start();
                }
            }
        }
        framework.start();
        framework.waitForStop(0);
    }
}
