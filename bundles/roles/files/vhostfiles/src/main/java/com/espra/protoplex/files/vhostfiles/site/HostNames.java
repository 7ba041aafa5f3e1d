package com.espra.protoplex.files.vhostfiles.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of hosts, as requests and operators write them. */
public final class HostNames {

    private static final int LONGEST = 253;
    private static final int MOST_LABELS = 12;
    private static final String WILDCARD = "*.";
    /** Before it is put into lower case: there are letters outside ASCII whose lower case is within it. */
    private static final Pattern NAME = Pattern.compile(
            "[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?)*");

    private HostNames() {}

    /**
     * The name in a request, in lower case and without a dot at its end.
     *
     * @param said without a port; null if the request does not say
     * @return empty if it is none
     */
    public static Optional<String> of(@Nullable String said) {
        if (said == null || said.isEmpty() || said.length() > LONGEST + 1) {
            return Optional.empty();
        }
        String name = said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
        boolean isName = name.length() <= LONGEST
                && NAME.matcher(name).matches()
                && name.chars().filter(c -> c == '.').count() < MOST_LABELS;
        return isName ? Optional.of(name.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /**
     * What an operator means: a name, or {@code *.name}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static String pattern(String said) {
        boolean isWildcard = said.startsWith(WILDCARD);
        return of(isWildcard ? said.substring(WILDCARD.length()) : said)
                .map(name -> isWildcard ? WILDCARD + name : name)
                .orElseThrow(() -> new IllegalArgumentException("'" + said
                        + "' is no name of a host: use www.example.com or *.example.com, in ASCII and without a port"));
    }

    /** Who says what is served at this host: the host itself first, then the wildcards, the longest first. */
    public static List<String> candidates(String host) {
        List<String> candidates = new ArrayList<>();
        candidates.add(host);
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            candidates.add("*" + host.substring(dot));
        }
        return candidates;
    }

    /** Whether it is {@code *.name}. */
    static boolean isWildcard(String pattern) {
        return pattern.startsWith(WILDCARD);
    }
}
