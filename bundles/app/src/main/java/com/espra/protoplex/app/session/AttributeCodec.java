package com.espra.protoplex.app.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Session attributes to bytes, and back with the classes of one generation. */
final class AttributeCodec {

    private static final Logger LOG = LoggerFactory.getLogger(AttributeCodec.class);

    /** The whiteboard stores an app's attributes under a prefix and the name of the servlet context. */
    private static final String WHITEBOARD_PREFIX = "org.apache.felix.http.session.context.attr.";

    private static final String WHITEBOARD_CLASSES = "org.apache.felix.http.base.";

    private static final int TRIES = 3;

    private static final int MOST_WARNINGS = 1_000;

    private final String generation;
    private final ClassLoader loader;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /** The names of attributes that this generation could not read once: enough to know which not to remove. */
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    AttributeCodec(String generation, ClassLoader loader) {
        this.generation = generation;
        this.loader = loader;
    }

    /** The attribute's bytes; empty, with one warning, if it cannot be serialised. */
    Optional<byte[]> write(String name, Object value) {
        for (int i = 1; ; i++) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                    out.writeObject(value);
                }
                return Optional.of(bytes.toByteArray());
            } catch (ConcurrentModificationException busy) {
                // A request works on it at this moment.
                if (i == TRIES) {
                    return lost(name, value, busy);
                }
            } catch (IOException | RuntimeException | StackOverflowError impossible) {
                return lost(name, value, impossible);
            }
        }
    }

    private Optional<byte[]> lost(String name, Object value, Throwable cause) {
        String type = value.getClass().getName();
        if (first(name + " " + type)) {
            LOG.warn(
                    "{}: session attribute '{}' of class {} cannot be serialised ({}): it is dropped at the next swap or restart",
                    generation,
                    shown(name),
                    type,
                    cause.toString());
        }
        return Optional.empty();
    }

    /** The attribute; empty, with one warning, if this generation cannot read it. */
    Optional<Object> read(String name, byte[] bytes) {
        try (ObjectInputStream in = new GenerationInput(new ByteArrayInputStream(bytes))) {
            return Optional.of(in.readObject());
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError failed) {
            unreadable.add(name);
            if (first(name)) {
                LOG.warn(
                        "{}: session attribute '{}' cannot be read by this version ({}): it is left out",
                        generation,
                        shown(name),
                        failed.toString());
            }
            return Optional.empty();
        }
    }

    /** Whether an attribute of this name is there that {@link #read} left out. */
    boolean isUnreadable(String name) {
        return unreadable.contains(name);
    }

    /** Warns, once, of a session that is not stored. */
    void tooLarge(StoredSession session, int limit) {
        if (first("")) {
            String largest = session.attributes().entrySet().stream()
                    .max(Comparator.comparingInt(attribute -> attribute.getValue().length))
                    .map(attribute -> shown(attribute.getKey()) + "' with " + attribute.getValue().length)
                    .orElse("");
            LOG.warn(
                    "{}: a session of {} bytes is above the limit of {} and is lost at the next swap or restart; its largest attribute is '{} bytes",
                    generation,
                    session.bytes(),
                    limit,
                    largest);
        }
    }

    private boolean first(String what) {
        return warned.size() < MOST_WARNINGS && warned.add(what);
    }

    private static String shown(String name) {
        if (!name.startsWith(WHITEBOARD_PREFIX)) {
            return name;
        }
        String withContext = name.substring(WHITEBOARD_PREFIX.length());
        return withContext.substring(withContext.indexOf('.') + 1);
    }

    private final class GenerationInput extends ObjectInputStream {
        GenerationInput(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            if (type.getName().startsWith(WHITEBOARD_CLASSES)) {
                return Class.forName(type.getName(), false, AttributeCodec.class.getClassLoader());
            }
            try {
                return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException primitive) {
                return super.resolveClass(type);
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
            Class<?>[] types = new Class<?>[interfaces.length];
            for (int i = 0; i < interfaces.length; i++) {
                types[i] = Class.forName(interfaces[i], false, loader);
            }
            return java.lang.reflect.Proxy.newProxyInstance(loader, types, (proxy, method, arguments) -> null)
                    .getClass();
        }
    }
}
