package com.espra.protoplex.proxy.server.config;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.ProxyProtocol;
import com.espra.protoplex.proxy.server.config.ServerSet.Server;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single rules. What is wrong is said with the key, the rule, and what it should be. */
final class RuleReader {

    private static final Pattern RATE = Pattern.compile("(\\d{1,9})/([smh])");
    private static final Pattern TIME = Pattern.compile("(\\d{1,7})(ms|s|m|h)");
    private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "h", 3600L);
    private static final long YEAR_NANOS = Duration.ofDays(365).toNanos();
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What is of one connection (RFC 9110, section 7.6.1), or says where a message ends: these are the relay's. */
    private static final Set<String> OF_A_CONNECTION = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final String key;
    private final String rule;
    private final List<String> words;

    RuleReader(String key, String rule) {
        this.key = key;
        this.rule = rule.strip();
        this.words = List.of(this.rule.split("\\s+"));
    }

    /** A field to set. */
    record Field(boolean ofRequest, String name, String value) {}

    IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(key + ": '" + rule + "': " + why);
    }

    Route route() {
        if (words.getFirst().isEmpty()) {
            throw refused("begin with a host and a path, such as shop.example.com/api/*");
        }
        try {
            return RouteText.pattern(words.getFirst());
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    List<Server> servers() {
        List<Server> servers = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            int star = word.lastIndexOf('*');
            int weight = star < 0 ? 1 : number(word.substring(star + 1), 1, 1000, "weight");
            servers.add(new Server(address(star < 0 ? word : word.substring(0, star)), weight));
        }
        if (servers.isEmpty() || servers.size() > 100) {
            throw refused("name 1 to 100 servers: http://host:port");
        }
        if (servers.stream().map(Server::address).distinct().count() < servers.size()) {
            throw refused("a server is named twice: give it a weight instead, http://host:port*2");
        }
        return servers;
    }

    /** Addresses of servers, one a rule. */
    static Set<URI> addresses(String key, String[] rules) {
        Set<URI> all = new HashSet<>();
        for (String rule : rules) {
            RuleReader reader = new RuleReader(key, rule);
            all.add(reader.address(reader.rule));
        }
        return all;
    }

    private URI address(String text) {
        try {
            URI address = new URI(text);
            boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            boolean bare = address.getRawPath().isEmpty()
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null
                    && address.getRawUserInfo() == null;
            if (web && bare && address.getHost() != null && address.getPort() != 0 && address.getPort() <= 65_535) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw refused("'" + text + "' is no address: " + e.getReason());
        }
        throw refused("'" + text + "' is no address: use http://host:port or https://host:port, and no path");
    }

    Policy policy() {
        if (words.size() != 2) {
            throw refused("say one way after the pattern: least, sticky, or hash=...");
        }
        String way = words.get(1);
        int colon = way.indexOf(':');
        String name = colon < 0 ? "" : way.substring(colon + 1);
        Policy policy = switch (colon < 0 ? way : way.substring(0, colon + 1)) {
            case "least" -> new Policy.Least();
            case "sticky" -> new Policy.Sticky();
            case "hash=path" -> new Policy.ByHash(Policy.Source.PATH, "");
            case "hash=client" -> new Policy.ByHash(Policy.Source.CLIENT, "");
            case "hash=header:" -> new Policy.ByHash(Policy.Source.HEADER, name);
            case "hash=cookie:" -> new Policy.ByHash(Policy.Source.COOKIE, name);
            default ->
                throw refused("'" + way
                        + "': use least, sticky, hash=path, hash=client, hash=header:NAME or hash=cookie:NAME");
        };
        if (colon >= 0 && !TOKEN.matcher(name).matches()) {
            throw refused("'" + name + "' is no name");
        }
        return policy;
    }

    ProxyProtocol proxyProtocol() {
        return switch (words.size() == 2 ? words.get(1) : "") {
            case "v1" -> ProxyProtocol.V1;
            case "v2" -> ProxyProtocol.V2;
            default -> throw refused("say v1 or v2 after the pattern");
        };
    }

    Rate rate() {
        if (words.size() < 3 || words.size() > 4) {
            throw refused("say of whom and how many after the pattern: client 5/m, or route 1000/s burst=2000");
        }
        String whose = words.get(1);
        if (!whose.equals("client") && !whose.equals("route")) {
            throw refused("'" + whose + "': use client or route");
        }
        Matcher rate = RATE.matcher(words.get(2));
        if (!rate.matches() || Long.parseLong(rate.group(1)) == 0) {
            throw refused("'" + words.get(2) + "': use a number of requests in a time, such as 5/s, 5/m or 5/h");
        }
        long requests = Long.parseLong(rate.group(1));
        long burst = requests;
        if (words.size() == 4) {
            if (!words.get(3).startsWith("burst=")) {
                throw refused("'" + words.get(3) + "': only burst=N may follow");
            }
            burst = number(words.get(3).substring("burst=".length()), 1, 1_000_000_000, "burst");
        }
        Rate read = new Rate(route(), whose.equals("client"), requests, SECONDS.getOrDefault(rate.group(2), 1L), burst);
        if (burst - 1 > YEAR_NANOS / read.spacingNanos()) {
            throw refused("burst=" + burst + " is what comes in more than a year: at most "
                    + (YEAR_NANOS / read.spacingNanos() + 1) + " here");
        }
        return read;
    }

    Field field() {
        if (words.size() < 3) {
            throw refused("say which field after the pattern: response Strict-Transport-Security: max-age=63072000");
        }
        String whose = words.get(1);
        if (!whose.equals("request") && !whose.equals("response")) {
            throw refused("'" + whose + "': use request or response");
        }
        String field = rule.substring(rule.indexOf(whose, words.getFirst().length()) + whose.length())
                .strip();
        int colon = field.indexOf(':');
        String name = colon < 0 ? "" : field.substring(0, colon).strip();
        if (!TOKEN.matcher(name).matches()) {
            throw refused("'" + field + "' is no field: use NAME: VALUE, or NAME: to remove it");
        }
        if (OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
            throw refused(name + " is of the connection, and not to be set");
        }
        String value = field.substring(colon + 1).strip();
        if (value.chars().anyMatch(c -> c < ' ' || c >= 0x7f)) {
            throw refused("a value has printable ASCII characters alone");
        }
        return new Field(whose.equals("request"), name, value);
    }

    Decision.Times times() {
        Decision.Times usual = Decision.Times.USUAL;
        Duration connect = usual.connect();
        Duration head = usual.head();
        Duration idle = usual.idle();
        Duration total = usual.total();
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            Duration time = time(word.substring(equals + 1));
            switch (equals < 0 ? "" : word.substring(0, equals)) {
                case "connect" -> connect = time;
                case "head" -> head = time;
                case "idle" -> idle = time;
                case "total" -> total = time;
                default -> throw refused("'" + word + "': use connect=, head=, idle= or total=");
            }
        }
        if (words.size() < 2 || connect.isZero() || head.isZero() || idle.isZero()) {
            throw refused("say which times after the pattern: connect=2s head=60s idle=10m; only total may be 0s");
        }
        return new Decision.Times(connect, head, idle, total);
    }

    private Duration time(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw refused("'" + text + "' is no time: use a number and ms, s, m or h");
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** What stands on both sides of the sign. */
    String[] pair() {
        int equals = rule.indexOf('=');
        String from = equals < 0 ? "" : rule.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        String to = equals < 0 ? "" : rule.substring(equals + 1).strip();
        if (from.isEmpty()
                || to.isEmpty()
                || !from.matches("[a-z0-9.:\\[\\]-]+")
                || !to.matches("[A-Za-z0-9.:_\\[\\]-]+")) {
            throw refused("use NAME=NAME");
        }
        return new String[] {from, to};
    }

    private int number(String text, int least, int most, String what) {
        if (text.matches("\\d{1,10}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return (int) number;
            }
        }
        throw refused("'" + text + "' is no " + what + ": " + least + " to " + most);
    }
}
