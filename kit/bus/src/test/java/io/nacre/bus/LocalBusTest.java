package io.nacre.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import org.junit.jupiter.api.Test;

class LocalBusTest extends BusContract {

    @Override
    Bus open() {
        return new LocalBus();
    }

    @Override
    Bus openOther(Bus first) {
        return first;
    }

    @Test
    void castsThatNobodyServesAreKeptUpToALimit() {
        for (int i = 0; i < LocalBus.CASTS_KEPT; i++) {
            bus.cast("nowhere", "m", NOTHING);
        }
        FaultException fault = catchThrowableOfType(FaultException.class, () -> bus.cast("nowhere", "m", NOTHING));
        assertThat(fault.fault().kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
    }
}
