package com.espra.protoplex.proxy.server.config;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.ProxyProtocol;
import com.espra.protoplex.routing.RouteTable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What is configured, read. Immutable. */
public final class ProxyRules {

    private static final Set<String> PAGES = Set.of("404", "429", "502", "503", "504", "maintenance");

    /** What an answer of a role's own may have, in bytes. */
    private static final int LARGEST_PAGE = 65_536;

    private final ProxyConfig config;
    private final List<ServerSet> servers;
    private final Set<URI> liveServers;
    private final RouteTable<Policy> policies;
    private final RouteTable<Decision.HeaderRules> headers;
    private final RouteTable<List<Rate>> limits;
    private final RouteTable<Decision.Times> times;
    private final RouteTable<Route> maintenance;
    private final RouteTable<Route> https;
    private final Map<String, String> pages;
    private final Decision.Says says;
    private final RouteTable<Decision.Says> announced;
    private final Map<String, String> canonical;
    private final Map<String, String> regions;
    private final Set<String> fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    /** @throws IllegalArgumentException if a rule is none, or two say different things of the same; says which */
    public ProxyRules(ProxyConfig config) {
        this.config = config;
        servers = List.copyOf(each("servers", config.servers(), rule -> new ServerSet(rule.route(), rule.servers()))
                .values());
        liveServers = RuleReader.addresses("liveServers", config.liveServers());
        policies = table(each("policies", config.policies(), RuleReader::policy));
        headers = new RouteTable<>(headers(config.headers()));
        limits = new RouteTable<>(limits(config.limits()));
        times = table(each("times", config.times(), RuleReader::times));
        maintenance = table(each("maintenance", config.maintenance(), RuleReader::route));
        https = table(each("https", config.https(), RuleReader::route));
        pages = pages(config.pages());
        says = new Decision.Says(ofTargets(pages), config.serverTiming());
        announced = table(announced());
        canonical = pairs("canonical", config.canonical());
        regions = pairs("regions", config.regions());
        canonical.forEach((from, to) -> {
            if (canonical.containsKey(to.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("canonical: " + from + " goes to " + to
                        + ", which goes elsewhere itself: name the last host of the row");
            }
        });
    }

    private <T> Map<Route, T> each(String key, String[] rules, Function<RuleReader, T> read) {
        Map<Route, T> all = new HashMap<>();
        Map<Route, String> first = new HashMap<>();
        for (String rule : rules) {
            RuleReader reader = new RuleReader(key, rule);
            Route claim = RouteTable.claim(reader.route());
            T value = read.apply(reader);
            note(value);
            String before = first.putIfAbsent(claim, rule);
            if (before != null) {
                throw reader.refused("there is '" + before.strip() + "' already: keep one of them");
            }
            all.put(claim, value);
        }
        return all;
    }

    private Map<Route, Decision.Says> announced() {
        Map<Route, ProxyProtocol> rules = each("proxyProtocol", config.proxyProtocol(), RuleReader::proxyProtocol);
        for (ServerSet set : servers) {
            if (rules.containsKey(RouteTable.claim(set.route()))
                    && set.servers().stream()
                            .anyMatch(each -> "https".equals(each.address().getScheme()))) {
                throw new IllegalArgumentException("proxyProtocol: the servers of " + set.route()
                        + " are reached by https, where it cannot be said: use http, or leave it out");
            }
        }
        Map<Route, Decision.Says> all = new HashMap<>();
        rules.forEach((claim, how) -> all.put(claim, new Decision.Says(says.pages(), says.serverTiming(), how)));
        return all;
    }

    private void note(Object value) {
        if (value instanceof Policy.ByHash hash && hash.source() == Policy.Source.HEADER) {
            fields.add(hash.name());
        } else if (value instanceof Policy.Sticky
                || (value instanceof Policy.ByHash hash && hash.source() == Policy.Source.COOKIE)) {
            fields.add("Cookie");
        }
    }

    private static <T> RouteTable<T> table(Map<Route, T> rules) {
        return new RouteTable<>(rules);
    }

    private static Map<Route, Decision.HeaderRules> headers(String[] rules) {
        Map<Route, Map<String, String>> requests = new HashMap<>();
        Map<Route, Map<String, String>> responses = new HashMap<>();
        for (String rule : rules) {
            RuleReader reader = new RuleReader("headers", rule);
            Route claim = RouteTable.claim(reader.route());
            RuleReader.Field field = reader.field();
            Map<String, String> fields = (field.ofRequest() ? requests : responses)
                    .computeIfAbsent(claim, _ -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
            if (fields.putIfAbsent(field.name(), field.value()) != null) {
                throw reader.refused("another rule sets " + field.name() + " there: keep one of them");
            }
        }
        Map<Route, Decision.HeaderRules> all = new HashMap<>();
        Set<Route> claims = new java.util.HashSet<>(requests.keySet());
        claims.addAll(responses.keySet());
        claims.forEach(claim -> all.put(
                claim,
                new Decision.HeaderRules(
                        requests.getOrDefault(claim, Map.of()), responses.getOrDefault(claim, Map.of()))));
        return all;
    }

    private static Map<Route, List<Rate>> limits(String[] rules) {
        Map<Route, List<Rate>> all = new HashMap<>();
        for (String rule : rules) {
            RuleReader reader = new RuleReader("limits", rule);
            Rate rate = reader.rate();
            List<Rate> rates = all.computeIfAbsent(RouteTable.claim(rate.route()), _ -> new ArrayList<>());
            if (rates.stream().anyMatch(other -> other.ofClient() == rate.ofClient())) {
                throw reader.refused("there is another limit of the same kind: keep one of them");
            }
            rates.add(rate);
        }
        all.replaceAll((claim, rates) -> List.copyOf(rates));
        return all;
    }

    /** The pages of requests that no target has answered. */
    private static Map<Integer, String> ofTargets(Map<String, String> pages) {
        Map<Integer, String> failures = new HashMap<>();
        for (int status : List.of(502, 503, 504)) {
            String page = pages.get(String.valueOf(status));
            if (page != null) {
                failures.put(status, page);
            }
        }
        return failures;
    }

    private static Map<String, String> pages(String[] rules) {
        Map<String, String> pages = new HashMap<>();
        for (String rule : rules) {
            String text = rule.strip();
            int blank = text.indexOf(' ');
            String which = blank < 0 ? text : text.substring(0, blank);
            if (!PAGES.contains(which) || blank < 0) {
                throw new IllegalArgumentException(
                        "pages: '" + which + "': use 404, 429, 502, 503, 504 or maintenance, and then HTML");
            }
            String html = text.substring(blank + 1).strip();
            int bytes = html.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LARGEST_PAGE) {
                throw new IllegalArgumentException("pages: " + which + " has " + bytes + " bytes of UTF-8: at most "
                        + LARGEST_PAGE + ", so let it load what is large");
            }
            if (pages.putIfAbsent(which, html) != null) {
                throw new IllegalArgumentException("pages: " + which + " stands twice: keep one of them");
            }
        }
        return Map.copyOf(pages);
    }

    private static Map<String, String> pairs(String key, String[] rules) {
        Map<String, String> pairs = new HashMap<>();
        for (String rule : rules) {
            RuleReader reader = new RuleReader(key, rule);
            String[] pair = reader.pair();
            if (pair[0].equalsIgnoreCase(pair[1])) {
                throw reader.refused("a name cannot go to itself");
            }
            if (pairs.putIfAbsent(pair[0], pair[1]) != null) {
                throw reader.refused("there is another rule for " + pair[0] + ": keep one of them");
            }
        }
        return Map.copyOf(pairs);
    }

    /** The numbers. */
    public ProxyConfig config() {
        return config;
    }

    /** Servers that are no nodes. */
    public List<ServerSet> servers() {
        return servers;
    }

    /** Those of them that may say something to Live. */
    public Set<URI> liveServers() {
        return liveServers;
    }

    /** How targets are chosen. */
    public RouteTable<Policy> policies() {
        return policies;
    }

    /** What changes in heads. */
    public RouteTable<Decision.HeaderRules> headers() {
        return headers;
    }

    /** How many requests are let through. */
    public RouteTable<List<Rate>> limits() {
        return limits;
    }

    /** How long is waited. */
    public RouteTable<Decision.Times> times() {
        return times;
    }

    /** What is not to be reached. */
    public RouteTable<Route> maintenance() {
        return maintenance;
    }

    /** What is redirected to https. */
    public RouteTable<Route> https() {
        return https;
    }

    /** What the node says of what it relays from there. */
    public Decision.Says says(String host, String path) {
        Decision.Says its = announced.match(host, path);
        return its == null ? says : its;
    }

    /** HTML by status, and that of {@code maintenance}. */
    public Map<String, String> pages() {
        return pages;
    }

    /** Host to the one that it is redirected to. */
    public Map<String, String> canonical() {
        return canonical;
    }

    /** Host to region. */
    public Map<String, String> regions() {
        return regions;
    }

    /** The names of the fields that the rules read. */
    public Set<String> fields() {
        return fields;
    }
}
