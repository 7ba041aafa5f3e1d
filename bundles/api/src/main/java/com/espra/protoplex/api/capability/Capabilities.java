package com.espra.protoplex.api.capability;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What an app may do now: a service, for apps and roles. While there is maintenance, the node answers requests from outside itself; whoever does
 * something by itself, such as a job that is due or a call of another role, asks here first.
 *
 * <p>Threads: safe from any. A call reads one volatile field.
 */
@ProviderType
public interface Capabilities {

    /** To read what is kept: not while there is maintenance. */
    String READ = "read";

    /** To change what is kept: not while there is maintenance, nor while it can only be read. */
    String WRITE = "write";

    /**
     * Whether an app may do that now. It may change at any moment, and at the end of maintenance it does by itself.
     *
     * @param app the app's name; an empty one: what is of all apps counts alone
     * @param capability {@link #READ} or {@link #WRITE}
     * @throws IllegalArgumentException if it is neither
     */
    boolean has(String app, String capability);
}
