module waybill/gateway

go 1.21
