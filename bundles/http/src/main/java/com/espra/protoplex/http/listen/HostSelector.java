package com.espra.protoplex.http.listen;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.util.ssl.SniX509ExtendedKeyManager.SniSelector;
import org.eclipse.jetty.util.ssl.X509;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a client is shown: the one that names the host it asks for (RFC 6066, section 3), before one that does so with a
 * wildcard, before the listener's own.
 *
 * <p>Threads: safe from any.
 */
final class HostSelector {

    private final String own;

    /** The names of all certificates, and those after a wildcard. */
    private volatile Names names = new Names(Set.of(), Set.of());

    private record Names(Set<String> hosts, Set<String> wilds) {

        boolean has(String host) {
            int dot = host.indexOf('.');
            return hosts.contains(host) || (dot > 0 && wilds.contains(host.substring(dot + 1)));
        }
    }

    /** @param own the alias of the listener's own */
    HostSelector(String own) {
        this.own = own;
    }

    /** These are shown from now on. */
    void use(Collection<X509> all) {
        Set<String> hosts = new HashSet<>();
        Set<String> wilds = new HashSet<>();
        all.forEach(each -> {
            hosts.addAll(each.getHosts());
            wilds.addAll(each.getWilds());
        });
        names = new Names(hosts, wilds);
    }

    /**
     * The alias of one of these, which are of the kind of key that is asked for just now.
     *
     * @param host what the client asks for; null: nothing
     * @return null if there is none of that kind: then the next kind is asked for
     */
    @Nullable
    String select(@Nullable String host, Collection<X509> ofKind) {
        String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
        if (names.has(name)) {
            X509 best = null;
            for (X509 each : ofKind) {
                if (each.matches(name) && (best == null || isBetter(each, best, name))) {
                    best = each;
                }
            }
            return best == null ? null : best.getAlias();
        }
        boolean there = ofKind.stream().anyMatch(each -> each.getAlias().equals(own));
        return there ? own : ofKind.isEmpty() ? SniSelector.DELEGATE : null;
    }

    private boolean isBetter(X509 one, X509 other, String name) {
        boolean named = one.getHosts().contains(name);
        boolean otherNamed = other.getHosts().contains(name);
        return named == otherNamed ? one.getAlias().equals(own) : named;
    }
}
