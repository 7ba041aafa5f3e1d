package com.espra.protoplex.live.mercure.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads URLs by the rules of WHATWG URL, section 4.4, but for the drive letters of Windows. The base is one of HTTP, or there is none.
 *
 * <p>Threads: one.
 */
final class WebUrlParser {

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");

    private final @Nullable WebUrl base;

    private String protocol = "";
    private String username = "";
    private String password = "";
    private Optional<String> host = Optional.empty();
    private String port = "";
    private List<String> path = new ArrayList<>();
    private boolean opaque;
    private String query = "";
    private String fragment = "";

    WebUrlParser(@Nullable WebUrl base) {
        this.base = base;
    }

    Optional<WebUrl> parse(String input) {
        String text = strip(input);
        Matcher scheme = SCHEME.matcher(text);
        boolean good = scheme.lookingAt()
                ? absolute(scheme.group(1).toLowerCase(Locale.ROOT), text.substring(scheme.end()))
                : base != null && relative(base, text);
        return good
                ? Optional.of(new WebUrl(
                        protocol, username, password, host, port, List.copyOf(path), opaque, query, fragment))
                : Optional.empty();
    }

    private static String strip(String input) {
        int from = 0;
        int to = input.length();
        while (from < to && input.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && input.charAt(to - 1) <= ' ') {
            to--;
        }
        return input.substring(from, to).replaceAll("[\t\n\r]", "");
    }

    private boolean absolute(String scheme, String rest) {
        protocol = scheme;
        if (special() && !scheme.equals("file")) {
            if (base != null && base.protocol().equals(scheme) && !rest.startsWith("//")) {
                return relative(base, rest);
            }
            return authority(rest.replaceFirst("^[/\\\\]+", ""));
        }
        if (slashes(rest) >= 2) {
            return authority(rest.substring(2));
        }
        if (scheme.equals("file")) {
            host = Optional.of("");
            return pathAndMore(rest);
        }
        if (rest.startsWith("/")) {
            return pathAndMore(rest);
        }
        opaque = true;
        String tail = queryAndFragment(rest);
        path.add(PercentEncoding.CONTROL.encode(tail));
        return true;
    }

    private boolean special() {
        return WebUrl.isSpecial(protocol);
    }

    private int slashes(String text) {
        int count = 0;
        while (count < text.length() && isSlash(text.charAt(count))) {
            count++;
        }
        return count;
    }

    private boolean isSlash(char unit) {
        return unit == '/' || (unit == '\\' && special());
    }

    private boolean relative(WebUrl from, String rest) {
        if (from.opaque()) {
            return false;
        }
        protocol = from.protocol();
        int slashes = slashes(rest);
        if (slashes >= 2) {
            return authority(rest.replaceFirst("^[/\\\\]+", ""));
        }
        username = from.username();
        password = from.password();
        host = from.host();
        port = from.port();
        if (slashes == 1) {
            return pathAndMore(rest);
        }
        path.addAll(from.path());
        if (rest.isEmpty() || rest.startsWith("#")) {
            query = from.query();
            queryAndFragment(rest);
            return true;
        }
        if (rest.startsWith("?")) {
            queryAndFragment(rest);
            return true;
        }
        if (!path.isEmpty()) {
            path.removeLast();
        }
        return pathAndMore(rest);
    }

    private boolean authority(String rest) {
        int end = 0;
        while (end < rest.length() && !isSlash(rest.charAt(end)) && "?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = rest.substring(0, end);
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            user(authority.substring(0, at));
        }
        String hostAndPort = authority.substring(at + 1);
        int colon = hostAndPort.indexOf(':', Math.max(hostAndPort.lastIndexOf(']'), 0));
        String name = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        if (name.isEmpty() && (at >= 0 || colon >= 0 || (special() && !protocol.equals("file")))) {
            return false;
        }
        host = name.isEmpty() ? Optional.of("") : WebHost.parse(name, special());
        if (protocol.equals("file") && host.filter("localhost"::equals).isPresent()) {
            host = Optional.of("");
        }
        return host.isPresent()
                && (colon < 0 || port(hostAndPort.substring(colon + 1)))
                && pathAndMore(rest.substring(end));
    }

    private void user(String text) {
        int colon = text.indexOf(':');
        username = PercentEncoding.USER.encode(colon < 0 ? text : text.substring(0, colon));
        password = colon < 0 ? "" : PercentEncoding.USER.encode(text.substring(colon + 1));
    }

    private boolean port(String text) {
        Optional<String> canonical = canonicalPort(text);
        port = canonical
                .filter(number -> !number.equals(WebUrl.defaultPort(protocol)))
                .orElse("");
        return canonical.isPresent();
    }

    static Optional<String> canonicalPort(String text) {
        if (text.isEmpty()) {
            return Optional.of("");
        }
        boolean digits = text.length() <= 32 && text.chars().allMatch(unit -> unit >= '0' && unit <= '9');
        String number = text.replaceFirst("^0+(?=.)", "");
        return digits && number.length() <= 5 && Integer.parseInt(number) <= 65_535
                ? Optional.of(number)
                : Optional.empty();
    }

    private boolean pathAndMore(String rest) {
        String text = queryAndFragment(rest);
        if (text.isEmpty() && !special()) {
            return true;
        }
        String segments = !text.isEmpty() && isSlash(text.charAt(0)) ? text.substring(1) : text;
        append(segments.split(special() ? "[/\\\\]" : "/", -1));
        return true;
    }

    private void append(String[] segments) {
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            String plain = segment.replace("%2e", ".").replace("%2E", ".");
            boolean dots = plain.equals(".") || plain.equals("..");
            if (plain.equals("..") && !path.isEmpty()) {
                path.removeLast();
            }
            if (!dots) {
                path.add(PercentEncoding.PATH.encode(segment));
            } else if (i == segments.length - 1) {
                path.add("");
            }
        }
    }

    /** Reads both. Returns what stands before them. */
    private String queryAndFragment(String text) {
        int hash = text.indexOf('#');
        String head = hash < 0 ? text : text.substring(0, hash);
        fragment = hash < 0 ? "" : PercentEncoding.FRAGMENT.encode(text.substring(hash + 1));
        int mark = head.indexOf('?');
        if (mark >= 0) {
            query = (special() ? PercentEncoding.SPECIAL_QUERY : PercentEncoding.QUERY)
                    .encode(head.substring(mark + 1));
        }
        return mark < 0 ? head : head.substring(0, mark);
    }

    /** A path that stands alone, as in a pattern: dots in it are resolved, and it has a slash in front only if it had one. */
    static String canonicalPath(String text) {
        if (text.isEmpty()) {
            return "";
        }
        WebUrlParser parser = new WebUrlParser(null);
        parser.protocol = "https";
        boolean slash = text.startsWith("/");
        String guarded = slash ? text : "/-" + text;
        String[] segments = guarded.substring(1).split("[/\\\\]", -1);
        parser.append(segments);
        StringBuilder joined = new StringBuilder();
        parser.path.forEach(segment -> joined.append('/').append(segment));
        return slash ? joined.toString() : joined.substring(Math.min(2, joined.length()));
    }
}
