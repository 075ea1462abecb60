package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {

    private static final Duration TIME = Duration.ofMinutes(10);

    private static ChaosPlan plan(long seed) {
        return ChaosPlan.of(seed, 5, TIME);
    }

    @Test
    void theSameSeedGivesTheSamePlan() {
        assertThat(plan(7)).isEqualTo(plan(7)).isNotEqualTo(plan(8));
        assertThat(plan(7).faults())
                .startsWith(ChaosPlan.of(7, 5, Duration.ofMinutes(1)).faults().toArray(ChaosPlan.Fault[]::new));
    }

    @Test
    void everyKindOccursAndFaultsOverlapOnlyAtDifferentPlaces() {
        List<ChaosPlan.Fault> faults = plan(1).faults();

        assertThat(faults).extracting(ChaosPlan.Fault::kind).contains(ChaosPlan.Kind.values());
        assertThat(faults).anySatisfy(one -> assertThat(faults).anyMatch(other -> overlap(one, other)));
        assertThat(faults)
                .allSatisfy(one ->
                        assertThat(faults).noneMatch(other -> one.place() == other.place() && overlap(one, other)));
    }

    private static boolean overlap(ChaosPlan.Fault one, ChaosPlan.Fault other) {
        return !one.equals(other)
                && one.at().compareTo(other.at().plus(other.lasts())) <= 0
                && other.at().compareTo(one.at().plus(one.lasts())) <= 0;
    }

    @Test
    void everyLastingFaultEnds() {
        List<ChaosPlan.Event> events = plan(2).events();

        assertThat(events).isSortedAccordingTo(java.util.Comparator.comparing(ChaosPlan.Event::at));
        assertThat(events.stream().filter(event -> !event.fault().kind().isMomentary() && event.begins()))
                .hasSameSizeAs(events.stream().filter(event -> !event.begins()).toList());
    }
}
