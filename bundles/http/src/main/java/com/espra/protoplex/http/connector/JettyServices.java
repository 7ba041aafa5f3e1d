package com.espra.protoplex.http.connector;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.alpn.java.server.JDK9ServerALPNProcessor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http2.hpack.HpackFieldPreEncoder;
import org.jspecify.annotations.Nullable;

/**
 * A class loader that sees the providers which Jetty looks up with {@link java.util.ServiceLoader} and the thread's context
 * class loader. In a framework each is in a bundle of its own, so no single bundle's loader sees them all.
 */
public final class JettyServices extends ClassLoader {

    private final List<ClassLoader> loaders;

    JettyServices() {
        super(JettyServices.class.getClassLoader());
        loaders = List.of(
                HttpField.class.getClassLoader(),
                HpackFieldPreEncoder.class.getClassLoader(),
                JDK9ServerALPNProcessor.class.getClassLoader());
    }

    /** Runs it with this as the thread's context class loader. */
    public static <T> T see(Supplier<T> action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new JettyServices());
        try {
            return action.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        ClassNotFoundException missing = new ClassNotFoundException(name);
        for (ClassLoader loader : loaders) {
            try {
                return loader.loadClass(name);
            } catch (ClassNotFoundException elsewhere) {
                missing.addSuppressed(elsewhere);
            }
        }
        throw missing;
    }

    @Override
    protected @Nullable URL findResource(String name) {
        for (ClassLoader loader : loaders) {
            URL found = loader.getResource(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = new ArrayList<>();
        for (ClassLoader loader : loaders) {
            for (URL url : Collections.list(loader.getResources(name))) {
                // On a class path the loaders are one and the same.
                if (found.stream().noneMatch(known -> known.toExternalForm().equals(url.toExternalForm()))) {
                    found.add(url);
                }
            }
        }
        return Collections.enumeration(found);
    }
}
