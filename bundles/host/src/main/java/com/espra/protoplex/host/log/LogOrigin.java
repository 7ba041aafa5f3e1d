package com.espra.protoplex.host.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;
import org.osgi.framework.FrameworkUtil;

/**
 * The generation on whose behalf a thread runs, found without its help: by the class loaders of the code on its stack, the nearest first; when there
 * is none of an app, by the thread's context class loader, which threads inherit from those that start them.
 *
 * @param app its unit; empty for the platform
 * @param generation its number; empty for the platform
 */
record LogOrigin(String app, String generation) {

    /** The node itself. */
    static final LogOrigin PLATFORM = new LogOrigin("", "");

    /** How the swap engine names the places of a generation's bundles: {@code kind:unit:number:symbolic-name}. */
    private static final Pattern LOCATION = Pattern.compile("(?:app|role):([^:]+):([^:]+):.*");

    /** How the App role names the context class loader of a generation: {@code generation unit-number}. */
    private static final String LOADER = "generation ";

    private static final ClassLoader CLASS_PATH = ClassLoader.getSystemClassLoader();

    /** Of classes that no bundle's loader has defined: the platform's, and those of a role that runs as it is shipped. */
    private static final ClassValue<LogOrigin> ON_CLASS_PATH = new ClassValue<>() {
        @Override
        protected LogOrigin computeValue(Class<?> type) {
            Bundle bundle = FrameworkUtil.getBundle(type);
            return bundle == null ? PLATFORM : ofLocation(bundle.getLocation());
        }
    };

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** Of the calling thread. */
    static LogOrigin ofCaller() {
        LogOrigin nearest = STACK.walk(frames -> frames.map(frame -> ofClass(frame.getDeclaringClass()))
                .filter(origin -> !origin.equals(PLATFORM))
                .findFirst()
                .orElse(PLATFORM));
        return nearest.equals(PLATFORM) ? ofLoader(Thread.currentThread().getContextClassLoader()) : nearest;
    }

    /** Of a thread that ended by an exception: its code is on no stack any more. */
    static LogOrigin of(Thread thread, Throwable ended) {
        for (ClassLoader loader : new ClassLoader[] {
            thread.getContextClassLoader(),
            thread.getClass().getClassLoader(),
            ended.getClass().getClassLoader()
        }) {
            LogOrigin origin = ofLoader(loader);
            if (!origin.equals(PLATFORM)) {
                return origin;
            }
        }
        return PLATFORM;
    }

    private static LogOrigin ofClass(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return CLASS_PATH.equals(loader) ? ON_CLASS_PATH.get(type) : ofLoader(loader);
    }

    private static LogOrigin ofLoader(@Nullable ClassLoader loader) {
        if (loader instanceof BundleReference reference) {
            Bundle bundle = reference.getBundle();
            return bundle == null ? PLATFORM : ofLocation(bundle.getLocation());
        }
        String name = loader == null ? null : loader.getName();
        if (name == null || !name.startsWith(LOADER)) {
            return PLATFORM;
        }
        int number = name.lastIndexOf('-');
        return number < 0
                ? new LogOrigin(name.substring(LOADER.length()), "")
                : new LogOrigin(name.substring(LOADER.length(), number), name.substring(number + 1));
    }

    private static LogOrigin ofLocation(@Nullable String location) {
        Matcher place = LOCATION.matcher(location == null ? "" : location);
        return place.matches() ? new LogOrigin(place.group(1), place.group(2)) : PLATFORM;
    }
}
