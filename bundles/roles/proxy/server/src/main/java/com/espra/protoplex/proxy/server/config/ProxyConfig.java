package com.espra.protoplex.proxy.server.config;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The configuration of the role. PATTERN is a host and a path as in routes: {@code shop.example.com/api/*}, {@code /login}. */
@ObjectClassDefinition(name = "Protoplex: the Proxy")
public @interface ProxyConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.proxy";

    /** To which servers. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "Servers that are no nodes: PATTERN http://host:port[*weight] ...")
    String[] servers() default {};

    /** Which of them may say something to Live. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "Servers that are no nodes, whose answers may begin with a message for Live (X-Live), as"
                    + " nodes' may: http://host:port")
    String[] liveServers() default {};

    /** How a target is chosen. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "How a target is chosen: PATTERN least | sticky | hash=path | hash=client | hash=header:NAME"
                    + " | hash=cookie:NAME")
    String[] policies() default {};

    /** What changes in heads. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "A field that is set, or with no value removed: PATTERN request|response NAME: [VALUE]")
    String[] headers() default {};

    /** How many requests. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "How many requests: PATTERN route|client N/s|N/m|N/h [burst=N]")
    String[] limits() default {};

    /** How long is waited. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "How long is waited: PATTERN [connect=2s] [head=60s] [idle=10m] [total=0s]")
    String[] times() default {};

    /** What is not to be reached. */
    @AttributeDefinition(cardinality = 1000, description = "What answers 503 and the page: PATTERN")
    String[] maintenance() default {};

    /** Pages. */
    @AttributeDefinition(
            cardinality = 10,
            description = "The page of what is answered here, as HTML: STATUS HTML, of 404, 429, 502, 503, 504; or"
                    + " maintenance HTML")
    String[] pages() default {};

    /** Whether clients are told the times. */
    @AttributeDefinition(
            description = "Whether answers of targets say in Server-Timing how long it took to connect, and until the"
                    + " answer began.")
    boolean serverTiming() default false;

    /** How servers are told of clients. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "How servers, reached by http, are told of the client's connection by the PROXY protocol:"
                    + " PATTERN v1 | v2")
    String[] proxyProtocol() default {};

    /** Names. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "Hosts whose requests are redirected to another name: example.com=www.example.com")
    String[] canonical() default {};

    /** Hosts of regions. */
    @AttributeDefinition(cardinality = 100, description = "Hosts that are of one region: us-1.live.example.com=us-east")
    String[] regions() default {};

    /** What becomes of a request for a region elsewhere. */
    @AttributeDefinition(
            description = "What becomes of a request for another region: relay to a node there, or redirect to a"
                    + " proxy there",
            options = {@Option(label = "relay", value = "relay"), @Option(label = "redirect", value = "redirect")})
    String otherRegion() default "relay";

    /** Whether http goes to https. */
    @AttributeDefinition(description = "Hosts whose requests over http are redirected to https: PATTERN")
    String[] https() default {};

    /** Where https is. */
    @AttributeDefinition(description = "The port of https that clients use.", min = "1", max = "65535")
    int httpsPort() default 443;

    /** How many wait. */
    @AttributeDefinition(
            description = "How many requests wait at most while a route is paused, all routes together.",
            min = "0",
            max = "100000")
    int pauseRequests() default 1000;

    /** How long they wait. */
    @AttributeDefinition(
            description = "How long a request waits at most while its route is paused, in seconds.",
            min = "1",
            max = "300")
    int pauseSeconds() default 30;

    /** When other regions help. */
    @AttributeDefinition(
            description = "With this many requests at a node of the own region the next goes to another region, if a"
                    + " node there has fewer.",
            min = "1")
    int spillOver() default 200;
}
