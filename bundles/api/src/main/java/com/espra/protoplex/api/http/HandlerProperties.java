package com.espra.protoplex.api.http;

/**
 * Service properties of a {@code org.eclipse.jetty.server.Handler} service, the way below servlets to serve requests, and of a
 * {@link com.espra.protoplex.api.channel.ChannelReceiver}. An app registers it; it gets the requests, or the channels, of the paths and
 * hosts that these properties name.
 */
public final class HandlerProperties {

    /**
     * Required. {@code String+}: the paths served, as servlet patterns (Jakarta Servlet 6.1, section 12.2): exact
     * ({@code /a/b}), prefix ({@code /a/*}), extension ({@code *.png}) or default ({@code /}).
     */
    public static final String PATH = "protoplex.path";

    /**
     * Optional. {@code String+}: the hosts served, without port: a name ({@code www.example.com}), any name below one
     * ({@code *.example.com}), or {@code *}, which is the default.
     */
    public static final String HOST = "protoplex.host";

    /**
     * Optional. {@code String}: the group of listeners where it is served, as node.json names it ({@code "listeners": {"tools": {"group":
     * "tools", ...}}}); the public ones by default. A role may say so; an app is served on the public ones.
     */
    public static final String LISTENERS = Dispatcher.GROUP;

    private HandlerProperties() {}
}
