package com.espra.protoplex.swap.framework;

import com.espra.protoplex.swap.engine.Generations.Unloading;
import com.espra.protoplex.swap.engine.Refused;
import com.espra.protoplex.swap.isolation.GenerationKey;
import com.espra.protoplex.swap.preflight.Archive;
import com.espra.protoplex.swap.unload.ClassLoaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.NativeNamespace;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles of one generation, its anchor first: from their installation until none of them is left. */
final class InstalledBundles {

    private static final Logger LOG = LoggerFactory.getLogger(InstalledBundles.class);

    /** How long a hanging start may take to notice that it was interrupted. */
    private static final long AGAIN_MILLIS = 250;

    private final Platform platform;
    private final GenerationKey key;
    private final String id;
    private final Set<String> packages;
    private final List<Bundle> bundles = new CopyOnWriteArrayList<>();
    private volatile @Nullable Bundle anchor;
    private volatile @Nullable BundleContext anchorContext;
    private volatile @Nullable Thread starter;
    private boolean removed;

    InstalledBundles(Platform platform, GenerationKey key, String id, Set<String> packages) {
        this.platform = platform;
        this.key = key;
        this.id = id;
        this.packages = packages;
    }

    List<Bundle> bundles() {
        return List.copyOf(bundles);
    }

    boolean hasAnchor() {
        return anchorContext != null;
    }

    BundleContext anchorContext() {
        BundleContext context = anchorContext;
        if (context == null) {
            throw new IllegalStateException(id + " is not installed, or it was removed");
        }
        return context;
    }

    /** From here on there is an {@link #anchorContext}. */
    void installAnchor() throws Refused {
        String capabilities = AdapterCapabilities.of(platform.context());
        try {
            Bundle made = adopt(key.install(platform.context(), Anchor.NAME, Anchor.jar(id, capabilities)), true);
            made.start(Bundle.START_TRANSIENT);
            anchorContext = made.getBundleContext();
        } catch (BundleException e) {
            throw new Refused("its anchor cannot start: " + FailureText.of(e, packages), e);
        }
    }

    void install(List<Archive> archives) throws Refused {
        for (Archive archive : archives) {
            try {
                adopt(key.install(platform.context(), archive.symbolicName(), archive.path()), false);
            } catch (BundleException e) {
                throw new Refused(archive.label() + " cannot be installed: " + FailureText.of(e, packages), e);
            } catch (IOException e) {
                throw new Refused(archive.file() + " cannot be read: " + e, e);
            }
        }
    }

    /** An installation that was given up while it hung may come here after the removal. */
    private synchronized Bundle adopt(Bundle bundle, boolean asAnchor) throws BundleException, Refused {
        if (removed) {
            bundle.uninstall();
            throw new Refused(id + " is removed already");
        }
        if (asAnchor) {
            anchor = bundle;
        } else {
            bundles.add(bundle);
        }
        return bundle;
    }

    void resolve() throws Refused {
        FrameworkWiring wiring =
                platform.context().getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        if (wiring.resolveBundles(List.copyOf(bundles))) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        for (Bundle bundle : bundles) {
            if (bundle.getState() == Bundle.INSTALLED) {
                reasons.add(label(bundle) + whyNot(bundle));
            }
        }
        throw new Refused(String.join("; ", reasons));
    }

    /** The framework gives its reason in no other way than to somebody who tries to start the bundle. */
    private String whyNot(Bundle bundle) {
        if (isFragment(bundle)) {
            return " cannot be resolved: its host does not accept it";
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return " cannot be resolved: the framework gives no reason";
        } catch (BundleException e) {
            String message = String.valueOf(e.getMessage());
            return message.contains(" " + NativeNamespace.NATIVE_NAMESPACE + ";")
                    ? nativeCode(bundle)
                    : " cannot be resolved: " + FailureText.unresolved(message);
        }
    }

    /** Only the framework knows which names of systems and processors mean this machine. */
    private String nativeCode(Bundle bundle) {
        return " has native code for other machines only ("
                + bundle.getHeaders("").get(Constants.BUNDLE_NATIVECODE) + "), and this one is "
                + platform.context().getProperty(Constants.FRAMEWORK_OS_NAME) + ", "
                + platform.context().getProperty(Constants.FRAMEWORK_PROCESSOR)
                + ". Push a bundle that has code for it, or none";
    }

    void start() throws Refused {
        starter = Thread.currentThread();
        try {
            for (Bundle bundle : bundles) {
                if (!isFragment(bundle)) {
                    start(bundle);
                }
            }
        } finally {
            starter = null;
        }
    }

    private void start(Bundle bundle) throws Refused {
        try {
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException | IllegalStateException e) {
            Throwable shown = e.getCause() == null ? e : e.getCause();
            throw new Refused(label(bundle) + " failed to start: " + FailureText.of(shown, packages), e);
        }
    }

    /** Nothing is added from here on, and whoever hangs in a start is interrupted until it returns. */
    void endStart() {
        close();
        awaitStarter();
    }

    /**
     * Stops all, then uninstalls all, in reverse order; whoever is stopped still finds the classes of all others. To be called after
     * {@link #endStart}.
     */
    Unloading remove() {
        List<Bundle> all = close();
        ClassLoaders loaders = ClassLoaders.of(all, packages);
        all.forEach(this::stop);
        all.forEach(this::uninstall);
        all.forEach(platform.leak()::mend);
        bundles.clear();
        anchor = null;
        anchorContext = null;
        return loaders;
    }

    private synchronized List<Bundle> close() {
        removed = true;
        List<Bundle> all = new ArrayList<>(bundles.reversed());
        Bundle first = anchor;
        if (first != null) {
            all.add(first);
        }
        return all;
    }

    /**
     * A bundle whose start hangs cannot be stopped before it returns; the engine has given us up by then. It may hang more than once: a
     * component whose activation was interrupted is activated again for the next who asks for it.
     */
    private void awaitStarter() {
        Thread hanging = starter;
        while (hanging != null && hanging.isAlive()) {
            try {
                hanging.interrupt();
                hanging.join(AGAIN_MILLIS);
            } catch (InterruptedException e) {
                LOG.info("{}: its removal waits for a bundle that hangs in its start", id);
            }
        }
    }

    private void stop(Bundle bundle) {
        if (bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING) {
            return;
        }
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} failed to stop: {}", label(bundle), FailureText.of(e, packages));
        }
    }

    private void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} failed to uninstall: {}", label(bundle), FailureText.of(e, packages));
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    }

    private static String label(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
