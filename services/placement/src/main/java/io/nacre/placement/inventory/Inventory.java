package io.nacre.placement.inventory;

import io.nacre.base.Fault;

/**
 * How much of one resource class a provider has.
 *
 * @param reserved kept back from consumers
 * @param stepSize an amount must be a multiple of it
 * @param allocationRatio how far it may be given away beyond what is there
 */
public record Inventory(long total, long reserved, long minUnit, long maxUnit, long stepSize, double allocationRatio) {

    /** What may be allocated in all. */
    public long capacity() {
        return (long) ((total - reserved) * allocationRatio);
    }

    /** Whether one consumer may be given this amount, whatever others hold. */
    public boolean admits(long amount) {
        return amount >= minUnit && amount <= maxUnit && amount % stepSize == 0;
    }

    /** Whether this amount can be given beside what is used. */
    public boolean fits(long amount, long used) {
        return admits(amount) && used + amount <= capacity();
    }

    /** @param mayReserveAll since 1.26 all may be kept back */
    void check(String providerId, String resourceClass, boolean mayReserveAll) {
        if (capacity() < 0 || (capacity() == 0 && !mayReserveAll)) {
            throw Fault.invalid("Unable to update inventory for resource provider " + providerId
                    + ": Invalid inventory for '" + resourceClass + "' on resource provider '" + providerId
                    + "'. The reserved value is greater than " + (mayReserveAll ? "total." : "or equal to total."));
        }
    }
}
