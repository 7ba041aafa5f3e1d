package com.espra.protoplex.swap.offer;

import java.util.Map;

/** Where other units find what a unit offers. */
public interface Publisher {

    /**
     * Lets other units find a proxy.
     *
     * @param unit who offers it
     * @param type the interface that it is found by
     * @param proxy implements it
     * @param properties what else it is found by
     */
    Publication publish(String unit, Class<?> type, Object proxy, Map<String, Object> properties);

    /** A proxy that is found. */
    interface Publication {

        /** Replaces what else it is found by. */
        void update(Map<String, Object> properties);

        /** It is found no longer. */
        void withdraw();
    }
}
