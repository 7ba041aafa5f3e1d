package com.espra.protoplex.control;

/**
 * How a process of a node finds the others. The host shares no class with bundles but the JDK's, so whoever can be asked is a service
 * {@code BiFunction<String topic, Map<String, Object> body, CompletionStage<Map<String, Object>>>}, and so is whoever answers.
 */
public final class Control {

    /** Service property of who can be asked: {@link #PARENT}, {@link #HOST}, or the id of a child. */
    public static final String NAME = "protoplex.control";

    /** In a child: its parent. */
    public static final String PARENT = "parent";

    /** In the parent: the host, which supervises the children. */
    public static final String HOST = "host";

    /** Service property of a child in the parent: its group. */
    public static final String GROUP = "protoplex.group";

    /** The group of the equal children that serve the public listeners. */
    public static final String SERVING = "serving";

    /** Service property of who answers ({@code String+}): its topics. */
    public static final String TOPIC = "protoplex.topic";

    /** Member of a body that a parent's host adds to what a child asks: the child's id. */
    public static final String CHILD = "child";

    private Control() {}
}
