package com.espra.protoplex.fleet.owner;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The next table of a role: the slots that are on their way go on, and others set out. Used once. */
final class OwnerPlan {

    /** Where slots that set out together come from and go to. */
    private record Way(String from, String to, TransferPhase phase) {}

    private final OwnerTable table;
    private final OwnerFacts facts;
    private final long epoch;
    private final String[] owners;
    private final List<SlotTransfer> transfers = new ArrayList<>();
    private boolean changed;

    private OwnerPlan(OwnerTable table, OwnerFacts facts) {
        this.table = table;
        this.facts = facts;
        this.epoch = table.epoch() + 1;
        this.owners = table.bySlot();
    }

    /** The same table if nothing changes; otherwise one of the next epoch. */
    static OwnerTable next(OwnerTable table, OwnerFacts facts) {
        OwnerPlan plan = new OwnerPlan(table, facts);
        table.transfers().forEach(plan::goOn);
        if (!facts.members().isEmpty()) {
            plan.setOut();
        }
        return plan.changed ? plan.made() : table;
    }

    private void goOn(SlotTransfer transfer) {
        SlotTransfer now = transfer;
        for (TransferStep step = step(now); ; step = step(now)) {
            switch (step) {
                case STAY -> {
                    transfers.add(now);
                    return;
                }
                case TO_SWITCH -> now = now.in(TransferPhase.SWITCH, epoch);
                case TO_DRAIN -> now = now.in(TransferPhase.DRAIN, epoch);
                case TO_RECOVER -> {
                    now = now.in(TransferPhase.RECOVER, epoch);
                    own(now.set(), "");
                }
                case NEW_OWNS -> own(now.set(), now.to());
                case OLD_KEEPS, NOBODY_OWNS -> {}
            }
            changed = true;
            if (step == TransferStep.NEW_OWNS || step == TransferStep.OLD_KEEPS || step == TransferStep.NOBODY_OWNS) {
                return;
            }
        }
    }

    private TransferStep step(SlotTransfer transfer) {
        for (TransferEvent event : TransferEvent.values()) {
            TransferStep step = TransferRules.step(transfer.phase(), event);
            if (step != TransferStep.STAY && facts.is(event, transfer)) {
                return step;
            }
        }
        return TransferStep.STAY;
    }

    private void own(BitSet slots, String node) {
        slots.stream().forEach(slot -> owners[slot] = node);
    }

    private void setOut() {
        List<String> should = facts.assignment();
        BitSet moving = new BitSet(SlotRanges.COUNT);
        transfers.forEach(transfer -> moving.or(transfer.set()));
        Map<Way, BitSet> ways = new LinkedHashMap<>();
        for (int slot = moving.nextClearBit(0); slot < owners.length; slot = moving.nextClearBit(slot + 1)) {
            String owner = owners[slot];
            if (owner.equals(should.get(slot)) || facts.isUnheard(owner)) {
                continue;
            }
            boolean free = owner.isEmpty() || facts.isGone(owner);
            if (free || !facts.members().contains(owner) || facts.mayRebalance()) {
                TransferPhase phase = free ? TransferPhase.RECOVER : TransferPhase.PREPARE;
                ways.computeIfAbsent(new Way(owner, should.get(slot), phase), way -> new BitSet(SlotRanges.COUNT))
                        .set(slot);
            }
        }
        // An epoch comes once, and there are no more ways than slots: so no id comes twice, also if a Seed has lost its
        // state.
        long id = epoch * SlotRanges.COUNT;
        for (Map.Entry<Way, BitSet> entry : ways.entrySet()) {
            Way way = entry.getKey();
            BitSet slots = entry.getValue();
            if (way.phase() == TransferPhase.RECOVER) {
                own(slots, "");
            }
            changed = true;
            transfers.add(new SlotTransfer(id, way.from(), way.to(), way.phase(), epoch, SlotRanges.write(slots)));
            id++;
        }
    }

    private OwnerTable made() {
        Map<String, BitSet> sets = new TreeMap<>();
        for (int slot = 0; slot < owners.length; slot++) {
            if (!owners[slot].isEmpty()) {
                sets.computeIfAbsent(owners[slot], node -> new BitSet(SlotRanges.COUNT))
                        .set(slot);
            }
        }
        Map<String, String> written = new TreeMap<>();
        sets.forEach((node, slots) -> written.put(node, SlotRanges.write(slots)));
        return new OwnerTable(table.role(), table.owned(), epoch, written, transfers);
    }
}
