//! The futures of every operation can move between threads, as an HTTP handler needs.

use kernel::Tenant;

/// Never called.
#[expect(dead_code, reason = "that it compiles is the test")]
fn operations_are_send(db: &kernel::Db, clock: &dyn kernel::Clock) {
    fn is_send(_: impl Send) {}
    let (read, write, tenant) = (&db.read, &db.write, Tenant::LOCAL);
    let (store, product) = (wire::retail::StoreId(1), wire::retail::ProductId(1));
    is_send(retail::seeder::generate(db, clock, tenant, &wire::retail::GenerateRequest::default()));
    let world = wire::retail::WorldId(uuid::Uuid::nil());
    is_send(retail::seeder::status(read, tenant, None));
    is_send(retail::seeder::verify(read, tenant, world));
    is_send(retail::seeder::delete(write, clock, tenant, None, true));
    is_send(retail::seeder::sweep(db, clock));
    is_send(retail::world::list(read, tenant, None, 1));
    is_send(retail::world::pairs(read, tenant, world, &retail::world::PairQuery::new(1)));
    is_send(retail::dimension::stores(read, tenant, world, None, 1));
    is_send(retail::dimension::products(read, tenant, world, None, 1));
    is_send(retail::dimension::pair(read, tenant, store, product));
    is_send(retail::history::pair_series(read, tenant, store, product, None));
    let window = retail::Window::new(chrono::NaiveDate::MIN, chrono::NaiveDate::MAX).unwrap();
    is_send(retail::history::pair_context(read, tenant, store, product, window));
    is_send(retail::availability::availability(
        read,
        tenant,
        &retail::availability::Request::new(store, product),
    ));
}
