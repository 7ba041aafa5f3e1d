package com.espra.protoplex.host.launch;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.launch.Distribution.PlatformBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The OSGi framework of a node, with the bundles of its roles. */
public final class NodeFramework {

    private static final Logger LOG = LoggerFactory.getLogger(NodeFramework.class);

    /** Generations start and stop between the platform, which is below, and the agent, which is above and stops first. */
    private static final int GENERATION_LEVEL = 10;

    private static final int TOP_LEVEL = 20;

    /**
     * Logging begins before the framework does, so its packages come from the class path. Bundles of the days of SLF4J 1 find the API
     * that they were built against: SLF4J 2 still has all of it.
     */
    private static final String SYSTEM_PACKAGES = "com.espra.protoplex.peer;version=1.0.0,"
            + "org.slf4j;version=2.0.20,org.slf4j.event;version=2.0.20,"
            + "org.slf4j.helpers;version=2.0.20,org.slf4j.spi;version=2.0.20,"
            + "org.slf4j;version=1.7.36,org.slf4j.helpers;version=1.7.36,org.slf4j.spi;version=1.7.36";

    private final Framework framework;

    private NodeFramework(Framework framework) {
        this.framework = framework;
    }

    /**
     * Starts the framework and the bundles.
     *
     * @param cache the folder of the bundle cache, this process's own. It is emptied: what runs is decided by the distribution and
     *     by the agent's own durable state, never by what a process that was killed left behind
     * @param properties framework properties for the bundles
     * @param services registers what the host offers to bundles, before the first of them starts
     * @throws StartException if a bundle cannot be installed or started
     */
    public static NodeFramework start(
            Path cache, List<PlatformBundle> bundles, Map<String, String> properties, Consumer<BundleContext> services)
            throws StartException {
        ClassPathModules modules = ClassPathModules.ofThisJvm();
        Framework framework = new FrameworkFactory().newFramework(configuration(cache, properties), modules);
        try {
            framework.init();
            services.accept(framework.getBundleContext());
            List<Bundle> installed = install(framework.getBundleContext(), modules, bundles);
            // All at once, rather than one after the other as they start.
            framework.adapt(FrameworkWiring.class).resolveBundles(installed);
            for (Bundle bundle : installed) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
            framework.start();
            FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
            level.setInitialBundleStartLevel(GENERATION_LEVEL);
            return new NodeFramework(framework);
        } catch (BundleException e) {
            stopQuietly(framework);
            throw new StartException("the node's framework does not start: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> configuration(Path cache, Map<String, String> properties) {
        Map<String, String> configuration = new HashMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(TOP_LEVEL));
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SYSTEM_PACKAGES);
        configuration.put("felix.log.level", "1");
        configuration.put("felix.cache.locking", "false");
        configuration.put("felix.bootdelegation.implicit", "false");
        // Every start makes the configurations anew, and secrets among them must not lie on the disk.
        configuration.put("felix.cm.pm", "memory");
        // A few dozen bundles are resolved sooner than threads come up to share the work.
        configuration.put("felix.resolver.parallelism", "1");
        return configuration;
    }

    private static List<Bundle> install(BundleContext context, ClassPathModules modules, List<PlatformBundle> bundles)
            throws BundleException, StartException {
        List<Bundle> installed = new ArrayList<>(bundles.size());
        for (PlatformBundle bundle : bundles) {
            if (!Files.isRegularFile(bundle.file())) {
                throw new StartException(
                        "the distribution is incomplete: " + bundle.file() + " is missing. Install it again.");
            }
            Bundle it = modules.install(context, bundle.file());
            it.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
            if (it.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                installed.add(it);
            }
        }
        return installed;
    }

    /** Waits until the framework has stopped, whoever stopped it. */
    public void await() throws InterruptedException {
        FrameworkEvent event;
        do {
            event = framework.waitForStop(0);
        } while (event.getType() == FrameworkEvent.STOPPED_UPDATE);
    }

    /**
     * Stops in the reverse order of the start levels: the agent says good-bye and has the listeners closed and drained, then the
     * generations stop, then the platform.
     *
     * @return whether everything stopped within the deadline
     */
    public boolean stop(Duration deadline) {
        try {
            framework.stop();
            return framework.waitForStop(deadline.toMillis()).getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (BundleException e) {
            LOG.error("The framework does not stop", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void stopQuietly(Framework framework) {
        try {
            framework.stop();
        } catch (BundleException e) {
            LOG.warn("The framework does not stop after a failed start", e);
        }
    }
}
