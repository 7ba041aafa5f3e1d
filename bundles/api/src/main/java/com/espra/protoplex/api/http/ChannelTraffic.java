package com.espra.protoplex.api.http;

/**
 * The channels of a unit, in all of its generations, since it was first served in this process.
 *
 * @param unit the app or role
 * @param open open now
 * @param opened let in
 * @param refused not let in
 * @param adopted how often a channel went from one generation to another
 * @param lost closed because no other generation could have it
 * @param slow cut because the client read too slowly, or not at all
 * @param received messages from clients
 * @param sent messages to clients, written
 */
public record ChannelTraffic(
        String unit,
        long open,
        long opened,
        long refused,
        long adopted,
        long lost,
        long slow,
        long received,
        long sent) {}
