package org.rowmill.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random faults: the same seed gives the same faults at the same places and times. */
record ChaosPlan(List<Fault> faults) {

    /** The place of faults that are not on a node. */
    static final int HEAD = 0;

    private static final int SHORTEST_PAUSE_MILLIS = 500;
    private static final int LONGEST_PAUSE_MILLIS = 5_500;
    private static final int SHORTEST_MILLIS = 1_000;

    /** Rowmill detects a silent node after about 10 s: some faults end earlier, some later. */
    private static final int LONGEST_MILLIS = 15_000;

    /** A full disk stops the whole run. */
    private static final int LONGEST_FULL_MILLIS = 6_000;

    /** Kinds of faults, with their names in the report. */
    enum Kind {
        KILL_NODE("kill node"),
        CRASH_NODE("crash node"),
        CUT("cut link"),
        FREEZE("freeze node"),
        SLOW_LINK("slow link"),
        EDIT_CSV("take out of CSV"),
        KILL_CONSUMER("kill consumer"),
        KILL_SSHFS("kill sshfs"),
        KILL_HEAD("kill head"),
        FILL_DISK("fill disk");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        boolean isMomentary() {
            return this == KILL_CONSUMER || this == KILL_SSHFS || this == KILL_HEAD;
        }

        private boolean isOfHead() {
            return this == KILL_HEAD || this == FILL_DISK;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A fault.
     *
     * @param kind what breaks
     * @param place a node, or {@link #HEAD}
     * @param at time from the start of the run
     * @param lasts duration; zero for a momentary fault
     */
    record Fault(Kind kind, int place, Duration at, Duration lasts) {}

    /**
     * The begin or end of a fault.
     *
     * @param fault the fault
     * @param begins whether the fault begins
     */
    record Event(Fault fault, boolean begins) {
        Duration at() {
            return begins ? fault.at() : fault.at().plus(fault.lasts());
        }
    }

    ChaosPlan {
        faults = List.copyOf(faults);
    }

    /**
     * Draws faults that begin within this time. Every kind occurs once before one occurs again. A place has one fault
     * at a time, independently of other places.
     */
    static ChaosPlan of(long seed, int nodes, Duration time) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        long[] freeAt = new long[nodes + 1];
        List<Kind> kinds = new ArrayList<>();
        long at = pause(random);
        while (at < time.toMillis()) {
            if (kinds.isEmpty()) {
                Collections.addAll(kinds, Kind.values());
                Collections.shuffle(kinds, random);
            }
            Kind kind = kinds.remove(0);
            long now = at;
            List<Integer> free =
                    places(kind, nodes).filter(place -> freeAt[place] <= now).toList();
            long lasts = kind.isMomentary() ? 0 : millis(kind, random);
            if (!free.isEmpty()) {
                int place = free.get(random.nextInt(free.size()));
                freeAt[place] = at + lasts + 1;
                faults.add(new Fault(kind, place, Duration.ofMillis(at), Duration.ofMillis(lasts)));
            }
            at += pause(random);
        }
        return new ChaosPlan(faults);
    }

    private static Stream<Integer> places(Kind kind, int nodes) {
        int first = kind.isOfHead() || kind == Kind.KILL_CONSUMER ? HEAD : 1;
        int last = kind.isOfHead() ? HEAD : nodes;
        return Stream.iterate(first, place -> place <= last, place -> place + 1);
    }

    private static int pause(Random random) {
        return SHORTEST_PAUSE_MILLIS + random.nextInt(LONGEST_PAUSE_MILLIS - SHORTEST_PAUSE_MILLIS);
    }

    private static int millis(Kind kind, Random random) {
        int longest = kind == Kind.FILL_DISK ? LONGEST_FULL_MILLIS : LONGEST_MILLIS;
        return SHORTEST_MILLIS + random.nextInt(longest - SHORTEST_MILLIS);
    }

    /** Returns the begins and ends of all faults in order of time. */
    List<Event> events() {
        return faults.stream()
                .flatMap(fault -> fault.kind().isMomentary()
                        ? Stream.of(new Event(fault, true))
                        : Stream.of(new Event(fault, true), new Event(fault, false)))
                .sorted(Comparator.comparing(Event::at))
                .toList();
    }
}
