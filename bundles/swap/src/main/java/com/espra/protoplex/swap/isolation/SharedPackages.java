package com.espra.protoplex.swap.isolation;

import java.util.List;

/**
 * The packages that a generation takes from the platform even if it exports them itself: the ones whose types cross the border
 * between the two. Of all others a generation's own copy wins. The list is part of the contract: see {@code docs/swap.md}.
 */
public final class SharedPackages {

    /** Each stands for the package of this name and all below it. */
    public static final List<String> PREFIXES = List.of(
            "com.espra.protoplex.api",
            "jakarta.servlet",
            "jakarta.websocket",
            "org.apache.felix.hc",
            "org.apache.felix.service.command",
            "org.eclipse.jetty",
            "org.osgi",
            "org.slf4j");

    private SharedPackages() {}

    /** Whether the platform's copy of the package is the one that everybody uses. */
    public static boolean contains(String name) {
        return PREFIXES.stream()
                .anyMatch(prefix -> name.startsWith(prefix)
                        && (name.length() == prefix.length() || name.charAt(prefix.length()) == '.'));
    }
}
