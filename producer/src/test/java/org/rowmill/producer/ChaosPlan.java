package org.rowmill.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Faults drawn from a seed: the same seed, the same faults at the same places and times. */
record ChaosPlan(List<Fault> faults) {

    /** The place that is no node. */
    static final int HEAD = 0;

    private static final int SHORTEST_PAUSE_MILLIS = 500;
    private static final int LONGEST_PAUSE_MILLIS = 5_500;
    private static final int SHORTEST_MILLIS = 1_000;

    /** Silence is noticed after about 10 s: some faults are over before, some are not. */
    private static final int LONGEST_MILLIS = 15_000;

    /** A full disk holds up everybody. */
    private static final int LONGEST_FULL_MILLIS = 6_000;

    /** What breaks, as the report calls it. */
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
     * @param at when, from the start of the run
     * @param lasts how long; zero: it is momentary
     */
    record Fault(Kind kind, int place, Duration at, Duration lasts) {}

    /**
     * A fault begins or ends.
     *
     * @param fault which
     * @param begins or ends
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
     * Draws faults that begin within this time. Each kind comes once before one comes again. A place has one fault at a
     * time, places have theirs independently.
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

    /** What happens, in the order of time. */
    List<Event> events() {
        return faults.stream()
                .flatMap(fault -> fault.kind().isMomentary()
                        ? Stream.of(new Event(fault, true))
                        : Stream.of(new Event(fault, true), new Event(fault, false)))
                .sorted(Comparator.comparing(Event::at))
                .toList();
    }
}
