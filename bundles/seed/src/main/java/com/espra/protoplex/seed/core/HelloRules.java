package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a node may say of itself. Its words end up in files, addresses, tables and logs, and it is remembered when it is gone. */
final class HelloRules {

    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9]+([._-][A-Za-z0-9]+)*");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._+-]+");
    private static final Pattern ADDRESS = Pattern.compile("[!-~]+");
    private static final int MAX_WORD = 63;
    private static final int MAX_ADDRESS = 512;
    private static final int MAX_MANY = 64;
    private static final int MAX_UNITS = 10_000;
    private static final int SHOWN = 40;

    private HelloRules() {}

    /** What is wrong with a hello; empty when nothing is. */
    static Optional<String> broken(LinkFrame.Hello hello) {
        if (!NODE.matcher(hello.node()).matches() || hello.node().length() > MAX_WORD) {
            return Optional.of("'" + shown(hello.node()) + "' is no name of a node: use at most " + MAX_WORD
                    + " letters, digits and . _ -");
        }
        if (!hello.region().isEmpty() && !isWord(hello.region())) {
            return Optional.of("its region is not a word");
        }
        if (!hello.version().isEmpty() && !isWord(hello.version())) {
            return Optional.of("its version is not a word");
        }
        if (hello.roles().size() > MAX_MANY || !areWords(hello.roles())) {
            return Optional.of("its roles are not " + MAX_MANY + " words at most");
        }
        if (!fit(hello.addresses())) {
            return Optional.of("its addresses are not " + MAX_MANY + " URLs at most");
        }
        if (hello.versions().size() > MAX_UNITS || !areWords(hello.versions().values())) {
            return Optional.of("the versions of its builds are not words");
        }
        return Optional.empty();
    }

    /** Whether these may be the addresses of a node. */
    static boolean fit(Map<String, String> addresses) {
        return addresses.size() <= MAX_MANY && areAddresses(addresses);
    }

    private static boolean areAddresses(Map<String, String> addresses) {
        return areWords(addresses.keySet())
                && addresses.values().stream()
                        .allMatch(each -> each.length() <= MAX_ADDRESS
                                && ADDRESS.matcher(each).matches()
                                && hasAuthority(each));
    }

    /** Others make connections of it. A host such as web_1 is none to Java's URI: whoever cannot use it leaves that node out. */
    private static boolean hasAuthority(String address) {
        try {
            return new URI(address).getRawAuthority() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean areWords(Collection<String> many) {
        return many.stream().allMatch(HelloRules::isWord);
    }

    private static boolean isWord(String text) {
        return text.length() <= MAX_WORD && WORD.matcher(text).matches();
    }

    private static String shown(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "...";
    }
}
