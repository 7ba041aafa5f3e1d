package com.espra.protoplex.api.http;

/** Two units claim one route. The message names the route and the unit that holds it. */
public class RouteConflictException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Route route;
    private final String holder;

    /**
     * @param route the route that both claim
     * @param holder the unit that has it
     */
    public RouteConflictException(Route route, String holder) {
        super("route " + route + " belongs to " + holder);
        this.route = route;
        this.holder = holder;
    }

    /** The route that both claim. */
    public Route route() {
        return route;
    }

    /** The unit that has it. */
    public String holder() {
        return holder;
    }
}
