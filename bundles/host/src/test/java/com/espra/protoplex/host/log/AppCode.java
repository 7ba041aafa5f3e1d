package com.espra.protoplex.host.log;

import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;

/** Calls the platform from a class that it has loaded itself, as the class loader of a bundle does. */
final class AppCode extends URLClassLoader implements BundleReference {

    private final String location;

    /** @param location of the bundle that it is of */
    AppCode(String location) {
        super(
                new URL[] {AppRun.class.getProtectionDomain().getCodeSource().getLocation()},
                AppCode.class.getClassLoader());
        this.location = location;
    }

    void run(Runnable platform) throws ReflectiveOperationException {
        Class<?> loaded = findLoadedClass(AppRun.class.getName());
        Runnable caller = (Runnable) (loaded == null ? findClass(AppRun.class.getName()) : loaded)
                .getConstructor(Runnable.class)
                .newInstance(platform);
        caller.run();
    }

    @Override
    public Bundle getBundle() {
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> method.getName().equals("getLocation") ? location : null);
    }

    /** What is loaded once more. */
    public static final class AppRun implements Runnable {

        private final Runnable platform;

        public AppRun(Runnable platform) {
            this.platform = platform;
        }

        @Override
        public void run() {
            platform.run();
        }
    }
}
