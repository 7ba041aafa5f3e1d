package com.espra.protoplex.proxy.server.table;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.proxy.server.choice.FakeTime;
import com.espra.protoplex.proxy.server.choice.TargetSet;
import com.espra.protoplex.proxy.server.config.FakeConfig;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

/** What the directory and the configuration come to. */
public class TableMakerTest {

    private static final Instant NOON = FakeFleet.NOON;

    private final TableMaker maker = new TableMaker("me", "here", new MetaDoors(), new FakeTime());
    private final FakeFleet fleet = new FakeFleet();
    private ProxyRules rules = new FakeConfig().rules();

    private ProxyTable table() {
        return maker.make(rules, fleet.snapshot(), null, NOON);
    }

    private static List<String> nodes(TargetSet pool) {
        return pool.all().stream().map(each -> each.target().node()).sorted().toList();
    }

    private static List<String> nodes(ProxyTable table, String host, String path) {
        Destination destination = table.match(host, path);
        assertNotNull("nobody has " + host + path, destination);
        return nodes(destination.pools().usual());
    }

    @Test
    public void anAppIsWhereItsNodesAreAndNotHere() {
        fleet.node("me", "here", "shop", "/shop/*")
                .node("b", "here", "shop", "/shop/*")
                .node("c", "there", "blog", "/");

        ProxyTable table = table();

        assertEquals(List.of("b"), nodes(table, "any", "/shop/1"));
        assertEquals(List.of("c"), nodes(table, "any", "/else"));
        assertEquals(
                "http://b:8050",
                table.match("any", "/shop")
                        .pools()
                        .usual()
                        .all()
                        .getFirst()
                        .target()
                        .address()
                        .toString());
    }

    @Test
    public void theOrderOfRoutesIsThatOfTheNode() {
        fleet.node("b", "here", "any", "/", "*.png")
                .node("c", "here", "wild", "*.example.com/")
                .node("d", "here", "exact", "shop.example.com/cart");

        ProxyTable table = table();

        assertEquals(List.of("d"), nodes(table, "shop.example.com", "/cart"));
        assertEquals(List.of("c"), nodes(table, "shop.example.com", "/other.png"));
        assertEquals(List.of("b"), nodes(table, "example.org", "/x/a.png"));
    }

    @Test
    public void drainedAwayAndUnwellNodesGetNothingNew() {
        fleet.node("b", "here", "shop", "/")
                .node("c", "here", "shop", "/")
                .node("d", "here", "shop", "/")
                .node("e", "here", "shop", "/");
        fleet.standing("b", true, "HEALTHY", true)
                .standing("c", false, "HEALTHY", false)
                .standing("d", true, "DEGRADED", false);

        assertEquals(List.of("e"), nodes(table(), "any", "/"));
    }

    @Test
    public void unwellNodesServeWhenThereIsNobodyElseAndDrainedOnesNever() {
        fleet.node("b", "here", "shop", "/").node("c", "here", "shop", "/");
        fleet.standing("b", true, "UNHEALTHY", false).standing("c", true, "HEALTHY", true);
        assertEquals(List.of("b"), nodes(table(), "any", "/"));

        fleet.standing("b", false, "HEALTHY", false).at(NOON.plusSeconds(59));
        assertEquals("away since a moment ago", List.of("b"), nodes(table(), "any", "/"));

        fleet.at(NOON.plusSeconds(61));
        Destination destination = table().match("any", "/");
        assertTrue(destination.pools().usual().isEmpty());
        assertEquals("b is away since 2030-01-01T12:00:00Z; c is drained", destination.nodes());
    }

    @Test
    public void aNodeWhoseAddressIsNoneIsLeftOutAndTheOthersServe() {
        fleet.node("b", "here", "shop", "/")
                .node("c", "here", "shop", "/")
                .node("d", "here", "shop", "/")
                .node("e", "there", "", "")
                .roles("e", "proxy");
        fleet.addresses("b", Map.of("meta", "http://a b:8050"))
                .addresses("c", Map.of("meta", "http://a_b:8050"))
                .addresses("e", Map.of("meta", "http://e:8050", "http", "e:x", "https", "https://e:8443"));

        ProxyTable table = table();

        assertEquals(List.of("d"), nodes(table, "any", "/"));
        assertEquals(Map.of("there https", URI.create("https://e:8443")), table.doors());
        assertEquals(
                List.of(
                        "b is left out: 'http://a b:8050' is no address of its listener meta",
                        "c is left out: 'http://a_b:8050' is no address of its listener meta",
                        "e is left out: 'e:x' is no address of its listener http"),
                table.notes());
    }

    @Test
    public void aRouteThatIsGoneIsRemembered() {
        fleet.node("b", "here", "shop", "shop.example.com/", "/old").node("c", "here", "blog", "/blog/*");
        ProxyTable first = table();
        fleet.node("b", "here", "shop", "/old").node("c", "here", "", "");
        ProxyTable second = maker.make(rules, fleet.snapshot(), first, NOON.plusSeconds(5));

        assertNull(second.match("shop.example.com", "/"));
        LostRoutes.Lost shop = second.lost().match("shop.example.com", "/x").orElseThrow();
        assertEquals("app shop gave it up", shop.why());
        assertEquals(
                "app blog was removed",
                second.lost().match("any", "/blog/1").orElseThrow().why());

        fleet.node("c", "here", "blog", "/blog/*");
        ProxyTable third = maker.make(rules, fleet.snapshot(), second, NOON.plusSeconds(9));
        assertTrue(third.lost().match("any", "/blog/1").isEmpty());
        assertEquals(
                NOON.plusSeconds(5),
                third.lost().match("shop.example.com", "/").orElseThrow().since());

        fleet.node("b", "here", "", "");
        ProxyTable fourth = maker.make(rules, fleet.snapshot(), third, NOON.plusSeconds(12));
        LostRoutes.Lost gone = fourth.lost().match("shop.example.com", "/").orElseThrow();
        assertEquals("app shop was removed since " + NOON.plusSeconds(5), gone.why() + " since " + gone.since());
    }

    @Test
    public void theLastThousandLostRoutesAreRemembered() {
        ProxyTable table = null;
        for (int round = 0; round < 3; round++) {
            String[] routes = new String[800];
            for (int i = 0; i < routes.length; i++) {
                routes[i] = "/" + round + "/" + i;
            }
            fleet.node("b", "here", "shop", routes);
            table = maker.make(rules, fleet.snapshot(), table, NOON.plusSeconds(round));
        }
        assertEquals(1000, table.lost().size());
        assertTrue(table.lost().match("any", "/1/799").isPresent());
    }

    @Test
    public void twoAppsThatClaimOneRouteAreToldOf() {
        fleet.node("b", "here", "zebra", "/").node("c", "here", "ant", "/");

        ProxyTable table = table();

        assertEquals(List.of("c"), nodes(table, "any", "/"));
        assertEquals(List.of("/ is claimed by ant and zebra: ant has it"), table.notes());
    }

    @Test
    public void configuredServersGoBeforeTheDirectory() {
        rules = new FakeConfig()
                .with("servers", "/shop/* http://old:80*2 http://older:80")
                .rules();
        fleet.node("b", "here", "shop", "/shop/*");

        ProxyTable table = table();

        assertEquals("servers", table.match("any", "/shop/1").owner());
        assertEquals(2, table.match("any", "/shop/1").pools().usual().all().size());
        assertEquals(List.of("/shop/* of app shop goes to the servers that are configured"), table.notes());
    }

    @Test
    public void aHostOfARegionHasTheNodesThere() {
        rules = new FakeConfig().with("regions", "us-1.live.example.com=us").rules();
        fleet.node("b", "here", "shop", "/").node("c", "us", "shop", "/");

        RegionalPools pools = table().match("any", "/").pools();

        assertEquals(List.of("b", "c"), nodes(pools.usual()));
        assertEquals(List.of("c"), nodes(pools.in("us")));
    }

    @Test
    public void routesOfOneAppOnDifferentNodesHavePoolsOfTheirOwn() {
        rules = new FakeConfig().with("regions", "us-1.live.example.com=us").rules();
        fleet.node("b", "here", "shop", "/a", "/b").node("c", "us", "shop", "/a");
        fleet.standing("c", true, "UNHEALTHY", false);

        ProxyTable table = table();

        assertEquals(List.of("b"), nodes(table, "any", "/a"));
        assertEquals(List.of("b"), nodes(table, "any", "/b"));
        assertEquals(List.of("c"), nodes(table.match("any", "/a").pools().in("us")));
        assertEquals(List.of(), nodes(table.match("any", "/b").pools().in("us")));
    }

    @Test
    public void whatIsKnownOfATargetStaysThroughChanges() {
        fleet.node("b", "here", "shop", "/");
        ProxyTable first = table();
        fleet.node("c", "here", "shop", "/", "/more/*");
        ProxyTable second = maker.make(rules, fleet.snapshot(), first, NOON);

        assertSame(
                first.match("any", "/").pools().usual().all().getFirst(),
                second.match("any", "/").pools().usual().all().getFirst());
        fleet.without("b").without("c");
        maker.make(rules, fleet.snapshot(), second, NOON);
        assertTrue(maker.ledger().all().isEmpty());
    }

    @Test
    public void withoutADirectoryTheServersThatAreConfiguredServe() {
        rules = new FakeConfig().with("servers", "/a http://b:80").rules();

        ProxyTable table = maker.make(rules, Optional.empty(), null, NOON);

        assertNotNull(table.match("any", "/a"));
        assertTrue(table.time().isEmpty());
    }

    @Test
    public void tenThousandRoutesOnFiftyNodes() {
        for (int node = 0; node < 50; node++) {
            String[] routes = new String[1000];
            for (int i = 0; i < routes.length; i++) {
                routes[i] = "host-" + (node % 10) + "-" + i + ".example.com/app/*";
            }
            fleet.node("n" + node, "here", "app" + node % 10, routes);
        }
        long begun = System.nanoTime();
        ProxyTable table = table();
        System.out.println("a table of 10,000 routes on 50 nodes: " + (System.nanoTime() - begun) / 1_000_000 + " ms");

        assertEquals(10_000, table.destinations().size());
        assertEquals(5, nodes(table, "host-3-999.example.com", "/app/x").size());
        assertSame(
                "routes with the same nodes share a pool",
                table.match("host-3-1.example.com", "/app").pools(),
                table.match("host-3-2.example.com", "/app").pools());
    }
}
