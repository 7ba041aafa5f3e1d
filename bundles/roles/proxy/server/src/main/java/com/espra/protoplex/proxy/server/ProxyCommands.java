package com.espra.protoplex.proxy.server;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.proxy.server.choice.TargetState;
import com.espra.protoplex.proxy.server.peer.GateOrder;
import com.espra.protoplex.proxy.server.peer.GateOrder.Word;
import com.espra.protoplex.proxy.server.peer.OtherProxies;
import com.espra.protoplex.proxy.server.step.KeptRequest;
import com.espra.protoplex.proxy.server.step.Trace;
import com.espra.protoplex.proxy.server.table.Destination;
import com.espra.protoplex.proxy.server.table.ProxyTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proxy:…}: what the proxy of this node knows, and what operators may tell it. */
@Component(service = ProxyCommands.class)
@GogoCommand(
        scope = "proxy",
        function = {"routes", "targets", "pause", "resume", "drain", "why"})
public final class ProxyCommands {

    private static final String ALL = "all";

    private final ProxyDirector director;
    private final OtherProxies others;

    /**
     * Does nothing by itself.
     *
     * @param director the one of this node
     * @param others the proxies of other nodes
     */
    @Activate
    public ProxyCommands(@Reference ProxyDirector director, @Reference OtherProxies others) {
        this.director = director;
        this.others = others;
    }

    /** A row of {@code proxy:routes}. */
    public record RouteLine(String route, String to, int targets, long in) {}

    /** What is closed. */
    public record ClosedLine(String pattern, String way, String since, int waiting) {}

    /**
     * What {@code proxy:routes} tells.
     *
     * @param directory how old what it knows of the fleet is
     */
    public record KnownRoutes(String directory, List<String> notes, List<ClosedLine> closed, List<RouteLine> routes) {}

    /** A row of {@code proxy:targets}. */
    public record TargetLine(
            String of, String target, String node, String state, int inFlight, long answered, long failed) {}

    @Descriptor("where requests go, and what is paused")
    public Object routes() {
        return routes("");
    }

    @Descriptor("where requests go, of the routes that have this text in them")
    public Object routes(String text) {
        ProxyTable table = director.table();
        List<RouteLine> lines = table.all().stream()
                .filter(each -> each.route().toString().contains(text))
                .map(ProxyCommands::line)
                .toList();
        return new KnownRoutes(age(table), table.notes(), closed(), lines);
    }

    private static RouteLine line(Destination destination) {
        List<TargetState> targets = destination.pools().usual().all();
        String route = destination.route().toString();
        return new RouteLine(
                route.isEmpty() ? "(root)" : route,
                destination.owner() + (destination.nodes().isEmpty() ? "" : " (" + destination.nodes() + ")"),
                targets.size(),
                targets.stream().filter(each -> !each.isOut()).count());
    }

    private String age(ProxyTable table) {
        return table.time()
                .map(time -> director.isCurrent() ? "of now" : "of " + time + ": the Seed is away")
                .orElse("this node has not heard of its fleet yet");
    }

    private List<ClosedLine> closed() {
        List<ClosedLine> lines = new ArrayList<>();
        director.gates()
                .all()
                .forEach((closure, waiting) -> lines.add(new ClosedLine(
                        closure.pattern(),
                        closure.way().name().toLowerCase(Locale.ROOT),
                        closure.since().toString(),
                        waiting)));
        return lines;
    }

    @Descriptor("to whom requests are relayed, how many each has, and who is left out because it fails")
    public Object targets() {
        Map<String, Set<TargetState>> byOwner = new TreeMap<>();
        director.table()
                .destinations()
                .values()
                .forEach(each -> byOwner.computeIfAbsent(each.pools().usual().name(), _ -> new LinkedHashSet<>())
                        .addAll(each.pools().usual().all()));
        List<TargetLine> lines = new ArrayList<>();
        long now = System.nanoTime();
        byOwner.forEach((owner, targets) -> targets.forEach(each -> lines.add(new TargetLine(
                owner,
                each.target().address().toString(),
                each.target().node(),
                each.state(now),
                each.inFlight(),
                each.answered(),
                each.failed()))));
        return lines.isEmpty() ? "there is nobody to relay to: proxy:routes says what is known" : lines;
    }

    @Descriptor("has requests of a route wait until proxy:resume, for as long as is configured: pause /shop/*")
    public String pause(String pattern) throws IOException {
        return here(new GateOrder(Word.PAUSE, pattern));
    }

    @Descriptor("the same on all proxies of the fleet: pause /shop/* all")
    public String pause(String pattern, String all) throws IOException, InterruptedException {
        return everywhere(new GateOrder(Word.PAUSE, pattern), all);
    }

    @Descriptor("has requests of a route refused by 503, while those under way end: drain shop.example.com")
    public String drain(String pattern) throws IOException {
        return here(new GateOrder(Word.DRAIN, pattern));
    }

    @Descriptor("the same on all proxies of the fleet: drain shop.example.com all")
    public String drain(String pattern, String all) throws IOException, InterruptedException {
        return everywhere(new GateOrder(Word.DRAIN, pattern), all);
    }

    @Descriptor("opens a route that is paused or drained; what waits goes on in its order")
    public String resume(String pattern) throws IOException {
        return here(new GateOrder(Word.RESUME, pattern));
    }

    @Descriptor("the same on all proxies of the fleet: resume /shop/* all")
    public String resume(String pattern, String all) throws IOException, InterruptedException {
        return everywhere(new GateOrder(Word.RESUME, pattern), all);
    }

    private String here(GateOrder order) throws IOException {
        boolean done = order.apply(director.gates());
        String pattern = order.pattern();
        return switch (order.word()) {
            case PAUSE -> pattern + " is paused on this node: requests wait. Open it by proxy:resume " + pattern;
            case DRAIN ->
                pattern
                        + " takes nothing new on this node; proxy:targets shows what is under way. Open it by proxy:resume "
                        + pattern;
            case RESUME -> done ? pattern + " is open" : pattern + " was not closed here; proxy:routes shows what is";
        };
    }

    private String everywhere(GateOrder order, String all) throws IOException, InterruptedException {
        if (!all.equals(ALL)) {
            throw new IllegalArgumentException("'" + all + "' is not known here: say '" + ALL + "', or nothing");
        }
        // Where a pattern is refused nobody else hears of it.
        List<String> lines = new ArrayList<>(List.of(here(order)));
        lines.addAll(others.tell(order));
        return String.join("\n", lines);
    }

    @Descriptor("what would become of a request, and why: why https://shop.example.com/cart")
    public String why(String url) throws URISyntaxException {
        return why(url, "GET");
    }

    @Descriptor("what would become of a request of this method, and why")
    public String why(String url, String method) throws URISyntaxException {
        URI uri = new URI(url.contains("://") ? url : "http://" + url);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("'" + url + "' has no host: use http://host/path");
        }
        boolean secure = "https".equals(uri.getScheme());
        KeptRequest request = new KeptRequest(
                "why",
                method,
                secure ? "https" : "http",
                uri.getHost().toLowerCase(Locale.ROOT),
                uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80,
                uri.getRawPath().isEmpty() ? "/" : uri.getRawPath(),
                uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                Map.of(),
                InetSocketAddress.createUnresolved("localhost", 1));
        Trace trace = new Trace();
        Decision decision = director.explain(request, trace);
        List<String> lines = new ArrayList<>();
        lines.add("what this node serves itself is not asked about here: ./protoplex routes shows it");
        lines.add("directory: " + age(director.table()));
        lines.addAll(trace.lines());
        lines.add("so: " + word(decision));
        return String.join("\n", lines);
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.Pass _ -> "404 of this node";
            case Decision.Respond answer ->
                "answered here by " + answer.status()
                        + (answer.headers().containsKey("Location")
                                ? ", to " + answer.headers().get("Location")
                                : "");
            case Decision.Relay _ -> "relayed";
            case Decision.Later _ -> "decided later";
        };
    }
}
