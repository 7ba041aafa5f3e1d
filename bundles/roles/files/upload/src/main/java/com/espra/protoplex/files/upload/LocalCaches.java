package com.espra.protoplex.files.upload;

import com.espra.protoplex.api.live.KeyListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches of this process, which need not wait until Live tells them: who uploads a file and asks the same node for it finds it.
 *
 * <p>Threads: safe from any.
 */
final class LocalCaches {

    private static final Logger LOG = LoggerFactory.getLogger(LocalCaches.class);

    private final Map<KeyListener, List<String>> listeners = new ConcurrentHashMap<>();

    void add(KeyListener listener, Map<String, Object> properties) {
        Object keys = properties.get(KeyListener.KEYS);
        listeners.put(
                listener,
                keys instanceof String[] several
                        ? List.of(several)
                        : keys instanceof String one ? List.of(one) : List.of());
    }

    void remove(KeyListener listener) {
        listeners.remove(listener);
    }

    /** Tells those that want to hear of them. One that fails hears it from Live. */
    void changed(Set<String> keys) {
        listeners.forEach((listener, beginnings) -> {
            Set<String> wanted = keys.stream()
                    .filter(key -> beginnings.stream().anyMatch(key::startsWith))
                    .collect(Collectors.toUnmodifiableSet());
            if (wanted.isEmpty()) {
                return;
            }
            try {
                listener.changed(wanted);
            } catch (Exception e) {
                LOG.warn("a cache of this node was not told of {}: {}", wanted, e.toString());
            }
        });
    }
}
